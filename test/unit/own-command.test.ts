import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

test.each([
  [undefined, 'datasetgan'],
  ['exec', 'npx datasetgan'],
  ['run-script', 'npx datasetgan'],
])('started by npm %s, the reader types %s', async (npmCommand, command) => {
  vi.stubEnv('npm_command', npmCommand);
  expect((await import('../../src/own-command.ts')).OWN_COMMAND).toBe(command);
});
