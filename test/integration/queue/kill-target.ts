import { appendFileSync } from 'node:fs';
import { openQueues } from '../../../src/jobs/queue/queues.ts';
import { openStore } from '../../../src/store/store.ts';

/** Runs synthesize jobs in a process of its own, slowly, and writes a line for every step, until it is killed. */
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
