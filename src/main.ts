import { commands } from './cli/commands.ts';
import { endProcess } from './cli/end-process.ts';
import { loadEnvironment } from './cli/load-environment.ts';
import { DatasetGanError, toError } from './errors.ts';
import { didYouMean } from './nearest-name.ts';

const [name = 'help', ...args] = process.argv.slice(2);
try {
  loadEnvironment();
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    throw new DatasetGanError('bad-request', `There is no command '${name}'.${didYouMean(name, Object.keys(commands))}`, {
      fix: `Use one of: ${Object.keys(commands).join(', ')}.`,
    });
  }
  process.exitCode = await command(args);
} catch (thrown) {
  const error = toError(thrown);
  process.stderr.write(`${error.message}${error.fix === undefined ? '' : `\n→ ${error.fix}`}\n`);
  if (error.code === 'internal') process.stderr.write(`${error.stack ?? ''}\n`);
  process.exitCode = 1;
}
// It has nothing more to do. What keeps it alive now was not closed, or cannot be.
setTimeout(() => void endProcess(Number(process.exitCode)), 3000).unref();
