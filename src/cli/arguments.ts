import { DatasetGanError } from '../errors.ts';
import { parseOptions } from './parse-options.ts';

export type Values = Readonly<Record<string, string | undefined>>;

const HELP = 'See datasetgan help.';

/**
 * Positional arguments, `--name value` options and `--name` flags (then 'true') of a command.
 * @param what the positional argument in words, exactly one of which is expected
 * @throws DatasetGanError `bad-request`
 */
export function parseArguments(
  args: readonly string[],
  what: string,
  options: readonly string[],
  flags: readonly string[] = [],
): { first: string; values: Values } {
  const config = Object.fromEntries([
    ...options.map((name) => [name, { type: 'string' as const }]),
    ...flags.map((name) => [name, { type: 'boolean' as const }]),
  ]);
  const { positionals, values } = parseOptions(args, config);
  const texts = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
  if (positionals.length === 1) return { first: positionals[0]!, values: texts };
  const message = positionals.length === 0 ? `The ${what} is missing.` : `One ${what}, please: ${positionals.join(' ')}`;
  throw new DatasetGanError('bad-request', message, { fix: HELP });
}

/** The number in `--name text`; undefined where the option was left out. */
export function numberOf(values: Values, name: string): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new DatasetGanError('bad-request', `--${name} ${text} is not a number.`);
}

/**
 * The number in `--name text`; the server checks its range.
 * @throws DatasetGanError `bad-request` when it is missing
 */
export function requiredNumber(values: Values, name: string): number {
  const value = numberOf(values, name);
  if (value !== undefined) return value;
  throw new DatasetGanError('bad-request', `--${name} is missing.`, { fix: HELP });
}

/** The number in `--name text` as a field of that key; none where the option was left out. */
export function optionalNumber(values: Values, name: string, key = name): Readonly<Record<string, number>> {
  const value = numberOf(values, name);
  return value === undefined ? {} : { [key]: value };
}
