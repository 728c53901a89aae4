import { EngineThread } from '../engine/engine-thread.ts';

/**
 * Ends the process, whatever is still open. Compute threads get a request to stop first, and have `patience` milliseconds (default 10 s) to come to the
 * end of their run: ended in the middle of one they would abort the process, with a core dump instead of its exit code.
 */
export async function endProcess(code: number, patience = 10_000): Promise<void> {
  const idle = await EngineThread.endAll(patience);
  if (!idle) process.kill(process.pid, 'SIGKILL');
  process.exit(code);
}
