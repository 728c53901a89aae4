import { CommanderError } from 'commander';
import { program } from './program.ts';
import { usageError } from './usage-error.ts';

/** How parsing ends where help or the version was printed. */
const PRINTED = ['commander.help', 'commander.helpDisplayed', 'commander.version'];

/**
 * Runs one command of `datasetgan`; without arguments it prints the help.
 * @returns the exit code
 * @throws DatasetGanError `bad-request` for what cannot be parsed, and the command's own errors
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const root = program((code) => {
    exitCode = code;
  });
  try {
    await root.parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    if (PRINTED.includes(thrown.code)) return thrown.exitCode;
    throw usageError(thrown, root, args);
  }
}
