import { expect, test } from 'vitest';
import { numberOf, parseArguments } from '../../../src/cli/arguments.ts';
import { parseOptions } from '../../../src/cli/parse-options.ts';

const OPTIONS = { host: { type: 'string' }, port: { type: 'string' }, 'no-work': { type: 'boolean' } } as const;

test('options and positional arguments', () => {
  const { values, positionals } = parseOptions(['--port', '9191', 'x', '--no-work', '--host=::1'], OPTIONS);
  expect({ ...values }).toEqual({ port: '9191', host: '::1', 'no-work': true });
  expect(positionals).toEqual(['x']);
});

test.each([
  [['--prot', '9191'], "Unknown option '--prot'; did you mean '--port'?"],
  [['--nowork'], "Unknown option '--nowork'; did you mean '--no-work'?"],
  [['--zzz=1'], "Unknown option '--zzz'; known: --host, --port, --no-work"],
  [['-p'], "Unknown option '-p'; known: --host, --port, --no-work"],
  [['--constructor'], "Unknown option '--constructor'; known: --host, --port, --no-work"],
])('%j: %s', (args, message) => {
  expect(() => parseOptions(args, OPTIONS)).toThrow(expect.objectContaining({ code: 'bad-request', message }));
});

test('an option without its value is refused', () => {
  expect(() => parseOptions(['--port'], OPTIONS)).toThrow(/argument missing/);
});

test('arguments of a command: one positional, numbers as numbers', () => {
  const { first, values } = parseArguments(['7', '--count', '50'], 'project', ['count']);
  expect([first, numberOf(values, 'count')]).toEqual(['7', 50]);
  expect(() => parseArguments(['7', '--cuont', '50'], 'project', ['count'])).toThrow("did you mean '--count'?");
  expect(() => parseArguments([], 'project', [])).toThrow('The project is missing.');
  expect(() => parseArguments(['7', '8'], 'project', [])).toThrow('One project, please: 7 8');
});
