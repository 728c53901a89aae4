import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { DatasetGanError, toError } from '../errors.ts';
import { unknownName } from '../nearest-name.ts';

/**
 * The options of a command, as node:util reads them, and its positional arguments.
 * @param fix what to do about a wrong one
 * @throws DatasetGanError `bad-request`; for an unknown option with the nearest known one
 */
export function parseOptions<const T extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: T,
  fix = 'See datasetgan help.',
) {
  const config = { args: [...args], options, allowPositionals: true } as const;
  for (const token of parseArgs({ ...config, strict: false, tokens: true }).tokens) {
    if (token.kind !== 'option' || Object.hasOwn(options, token.name)) continue;
    const known = Object.keys(options).map((name) => `--${name}`);
    throw new DatasetGanError('bad-request', `${capital(unknownName('option', token.rawName, known))}`, { fix });
  }
  try {
    return parseArgs(config);
  } catch (cause) {
    throw new DatasetGanError('bad-request', toError(cause).message, { fix, cause });
  }
}

const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1);
