import { runCommandLine } from './cli/run-command-line.ts';
import { toError } from './errors.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `datasetgan help | head`: the reader has seen enough.
  if (error.code !== 'EPIPE') report(error);
});
try {
  const exitCode = await runCommandLine(process.argv.slice(2));
  if (exitCode !== 0) process.exitCode = exitCode;
} catch (thrown) {
  report(thrown);
}
// It has nothing more to do. What keeps it alive now was not closed, or cannot be.
setTimeout(async () => {
  const { endProcess } = await import('./cli/end-process.ts');
  await endProcess(Number(process.exitCode ?? 0));
}, 3000).unref();

function report(thrown: unknown): void {
  const error = toError(thrown);
  process.stderr.write(`${error.message}${error.fix === undefined ? '' : `\n→ ${error.fix}`}\n`);
  if (error.code === 'internal') process.stderr.write(`${error.stack ?? ''}\n`);
  process.exitCode = 1;
}
