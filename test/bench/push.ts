/**
 * Pairs into a real Label Studio, which is killed with -9 in the middle of it and started again; then our server is, too. All pairs must be there
 * afterwards, none twice, each with its picture and its prediction. Argument: pairs (default 1000).
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from '../../src/api/answers.ts';
import { type LocalLabelStudio, startLabelStudio } from '../../src/cli/label-studio/local-label-studio.ts';
import { modelVersions } from '../../src/label-studio/client/model-versions.ts';
import { listUploads } from '../../src/label-studio/client/uploads.ts';
import { Connection } from '../../src/label-studio/connection/connection.ts';
import { ConnectedProject } from '../support/connected-project.ts';
import { completedDataset, dataset as datasetDetail, seedsOfTasks } from '../support/dataset-project.ts';
import { labelStudioVenv } from '../support/needs.ts';
import { startOuterServer } from '../support/our-server.ts';
import { startRealLabelStudio } from '../support/real-label-studio.ts';
import { until } from '../support/until.ts';
import { machine } from './support/report.ts';

const PAIRS = Number(process.argv[2] ?? 1000);
const FIRST = 1_000_000;
/** An hour. */
const PATIENCE = { seconds: 3600, every: 100 };

console.log(`push: portraits-256, ${PAIRS} pairs, Label Studio and our server killed on the way; ${machine()}`);
const first = await startRealLabelStudio();
const { url, personalAccessToken: key } = first;
let labelStudio: LocalLabelStudio = first;
const server = await startOuterServer({ name: 'push', labelStudio: url, key });
try {
  const connection = new Connection({ base: url, key });
  const project = await ConnectedProject.connect(connection, server, { tasks: 2 });
  await project.learn(0);
  const order = { count: PAIRS, filter: 0, seedStart: FIRST, formats: [], title: 'Pushed' };
  const { dataset: id = '' } = await server.api<Job>('POST', `/api/projects/${project.id}/datasets`, order);
  const pushed = (share: number) =>
    until(
      `${100 * share} % are in Label Studio`,
      async () => {
        const { state, job } = await datasetDetail(server, id);
        if (state === 'completed' || state === 'failed') throw new Error(`The dataset is ${state} already.`);
        return job?.kind === 'publish' && job.done >= share * PAIRS;
      },
      PATIENCE,
    );

  await pushed(0);
  const began = performance.now();
  await pushed(0.4);
  const halfway = performance.now();
  await killLabelStudio(first.dataDir);
  labelStudio = await startLabelStudio({ venv: labelStudioVenv!, dataDir: first.dataDir });
  await pushed(0.7);
  await server.kill();
  await server.start();
  await until('all are there', async () => (await datasetDetail(server, id)).state === 'completed', PATIENCE);
  const ended = performance.now();

  const { projectId, version } = await completedDataset(server, id);
  const seeds = await seedsOfTasks(connection, projectId!);
  const there = new Set(seeds);
  const lost = Array.from({ length: PAIRS }, (_, i) => FIRST + i).filter((seed) => !there.has(seed)).length;
  const { predictions } = await modelVersions(connection, projectId!);
  const uploads = (await listUploads(connection, projectId!)).length;
  const predicted = predictions.find((row) => row.version === version)?.count ?? 0;
  const counts = {
    lost,
    twice: seeds.length - there.size,
    'predictions too few': PAIRS - predicted,
    'pictures too many': uploads - PAIRS,
  };
  for (const [what, count] of Object.entries(counts))
    console.log(`  ${what.padEnd(58)} figure ${count}  anchor 0  ${count === 0 ? 'reached' : 'missed'}`);
  const seconds = (from: number, to: number) => `${((to - from) / 1000).toFixed(0)} s`;
  console.log(`  the first 40 %: ${seconds(began, halfway)}; all, with both interruptions: ${seconds(began, ended)}`);
} finally {
  await server.stop();
  await server.remove();
  await labelStudio.stop();
  await first.stop();
}

/** kill -9 of all its processes. */
async function killLabelStudio(dataDir: string): Promise<void> {
  const { pid } = JSON.parse(await readFile(join(dataDir, 'local-label-studio.json'), 'utf8')) as { pid: number };
  process.kill(-pid, 'SIGKILL');
}
