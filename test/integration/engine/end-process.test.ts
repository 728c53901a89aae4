import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

test('a process that computes ends with its own exit code, not by an abort', async () => {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, 'ending-process.ts')], { stdio: 'inherit' });
  expect(await once(child, 'exit')).toEqual([3, null]);
});

// Only root may raise a priority: for others, every task would fail.
test.runIf(process.platform === 'linux')(
  'a process that was started with a low priority does not compute at a higher one',
  async () => {
    const program = resolve(import.meta.dirname, 'niced-process.ts');
    const child = spawn('nice', ['-n', '19', process.execPath, program], { stdio: 'inherit' });
    expect(await once(child, 'exit')).toEqual([19, null]);
  },
);
