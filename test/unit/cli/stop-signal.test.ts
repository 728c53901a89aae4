import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';

const MODULE = new URL('../../../src/cli/stop-signal.ts', import.meta.url).href;

/** A program that says when it is asked to stop and then takes as long as it is let to. */
const PROGRAM = `
  const { stopSignal } = await import(${JSON.stringify(MODULE)});
  const { signal } = stopSignal({ onForce: () => console.log('forced') });
  signal.addEventListener('abort', () => console.log('stopping: ' + signal.reason.code));
  setInterval(() => {}, 1000);
  console.log('ready');
`;

function start() {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const heard = async (words: string) => {
    while (!said.includes(words)) await wait(10);
  };
  return { child, heard, said: () => said };
}

test('one Ctrl-C that npm passes on a second time is one wish; a later one ends the process', async () => {
  const { child, heard, said } = start();
  await heard('ready');
  child.kill('SIGINT');
  child.kill('SIGTERM');
  await heard('stopping: cancelled');
  await wait(1200);
  expect(child.exitCode).toBe(null);
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  expect((await ended)[0]).toBe(1);
  expect(said()).toBe('ready\nstopping: cancelled\nforced\n');
});
