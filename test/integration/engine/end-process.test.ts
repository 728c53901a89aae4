import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

test('a process that computes ends with its own exit code, not by an abort', async () => {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, 'ending-process.ts')], { stdio: 'inherit' });
  expect(await once(child, 'exit')).toEqual([3, null]);
});
