/** Pairs per hour of an order on portraits-256: until they are files, and until they are a project in a real Label Studio. */
import { cpus } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { DatasetDetail, Job } from '../../src/api/answers.ts';
import { startLabellingProject } from './support/labelling-project.ts';

const PAIRS = Number(process.argv[2] ?? 300);
/** The server answers on the cores that make the pairs. */
const POLL_INTERVAL_MS = 250;

const project = await startLabellingProject({ seedTasks: 4 });
try {
  for (const task of project.tasks) await project.annotate(task);
  const running = async () => (await project.detail()).jobs.some(({ state }) => state === 'queued' || state === 'running');
  await wait(2000);
  while (await running()) await wait(250);

  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ count: PAIRS }) };
  const get = async <T>(path: string) => (await (await fetch(project.url + path)).json()) as T;
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  const { dataset } = (await (await fetch(`${project.url}/api/projects/${project.id}/datasets`, post)).json()) as Job;
  // The order's own job ends when all that belongs to it has ended.
  const finish = async (kind: Job['kind']) => {
    for (;;) {
      const job = (await get<Job[]>('/api/jobs?limit=20')).find((each) => each.kind === kind && each.dataset === dataset);
      if (job?.error !== undefined) throw new Error(job.error.message);
      if (job?.state === 'completed') return seconds();
      await wait(POLL_INTERVAL_MS);
    }
  };
  const files = await finish('export');
  const published = await finish('publish');
  const { candidates, bytes } = await get<DatasetDetail>(`/api/datasets/${dataset}`);

  console.log(
    `bulk: portraits-256, ${PAIRS} pairs delivered of ${candidates} candidates; ${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}`,
  );
  const report = (name: string, seconds: number, anchor: number) => {
    const perHour = (PAIRS / seconds) * 3600;
    console.log(
      `  ${name.padEnd(28)} ${Math.round(perHour).toString().padStart(6)} pairs/h  anchor ${anchor}  ratio ${(perHour / anchor).toFixed(2)}x`,
    );
  };
  report('to files', files, 20_000);
  report('into a real Label Studio', published, 18_000);
  console.log(`  ${(bytes / candidates / 1000).toFixed(1)} kB a pair stored`);
} finally {
  await project.stop();
}
