import { appendFileSync } from 'node:fs';
import { openQueues } from '../../../src/jobs/queue/queues.ts';
import { openStore } from '../../../src/store/store.ts';

/**
 * Runs jobs in a process of its own until it is killed: synthesize jobs slowly, with a line for every step; imports and trainings with a line each, but the
 * import of /deadly kills the process.
 */
const [dataDir, log, databaseUrl] = process.argv.slice(2) as [string, string, string | undefined];
const store = await openStore({ dataDir, ...(databaseUrl === undefined ? {} : { databaseUrl }) });
const queues = await openQueues(store);
await queues.work('synthesize', async ({ jobId, progress, signal }) => {
  signal.addEventListener('abort', () => appendFileSync(log, `${jobId} ${signal.reason.code}\n`));
  for (let step = 1; step <= 1000 && !signal.aborted; step++) {
    progress(step, 1000);
    appendFileSync(log, `${jobId} ${step}\n`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return undefined;
});
await queues.work('import', async ({ input }) => {
  appendFileSync(log, `${input.file}\n`);
  if (input.file === '/deadly') process.kill(process.pid, 'SIGKILL');
  return undefined;
});
await queues.work('train', async ({ input }) => {
  appendFileSync(log, `train ${input.projectKey}\n`);
  return undefined;
});
