import { join } from 'node:path';
import type { DatasetDetail, ProjectSummary } from '../../api/answers.ts';
import { Connection } from '../../label-studio/connection/connection.ts';
import type { Settings } from '../../settings.ts';
import { formatSeconds } from '../format-seconds.ts';
import type { Progress } from '../progress.ts';
import { annotateTask, finishAnnotation } from './annotate-task.ts';
import { connectBackend, waitForTasks } from './connect-backend.ts';
import { DEMO_TASKS, type DemoOptions } from './demo-options.ts';
import { type DemoProject, demoTasks, ensureProject } from './demo-project.ts';
import { DemoRecordFile, type DemoStep } from './demo-record.ts';
import { startDemoServer } from './demo-server.ts';
import type { DemoLabelStudio } from './find-label-studio.ts';
import { HELD_OUT_SEEDS } from './held-out-seeds.ts';
import { measureVersion } from './measure.ts';
import { orderDemoDataset } from './order-demo-dataset.ts';
import { stepsTable } from './steps-table.ts';
import { watchProject } from './watch-project.ts';

export interface LabelStudioDemo {
  readonly options: DemoOptions;
  readonly settings: Settings;
  /** PORT, if it is set. */
  readonly port: number | null;
  readonly labelStudio: DemoLabelStudio;
  /** The demo's folder. */
  readonly folder: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Ends the process: the server cannot go on. */
  readonly onFatal: (error: Error) => void;
}

/** The whole loop in a real Label Studio. Goes on from what an earlier run has left; stays up until the signal, unless asked not to. */
export async function labelStudioDemo(demo: LabelStudioDemo): Promise<void> {
  const { settings, labelStudio, folder, progress, signal, options } = demo;
  const record = await DemoRecordFile.open(join(folder, `${fileNameOf(labelStudio.url)}.json`));
  const server = await progress.during('the DatasetGAN server', () =>
    startDemoServer({ ...demo, rememberedPort: record.now.port, onFatal: demo.onFatal }),
  );
  try {
    progress.say(`  the DatasetGAN server at ${server.url}, with its log in ${server.log}`);
    await record.change({ port: server.port });
    const connection = new Connection({ base: labelStudio.url, key: labelStudio.apiKey });
    const { id } = await ensureProject(connection, record, signal);
    const path = `/api/projects/${encodeURIComponent(`${connection.base}|${id}`)}`;
    const project: DemoProject = { connection, id, api: server.api, path };
    const started = performance.now();
    const fresh = await progress.during(`project ${id}`, async (tell) => {
      tell('connecting');
      const url = settings.callbackUrl ?? server.url;
      const connected = await connectBackend(project, { url, tasks: DEMO_TASKS, basicAuth: settings.basicAuth }, signal);
      await waitForTasks(project, DEMO_TASKS, tell, signal);
      return connected;
    });
    const seconds = fresh ? `, in ${formatSeconds((performance.now() - started) / 1000)}` : '';
    progress.say(`  project ${id}, connected, with ${DEMO_TASKS} generated pictures${seconds}`);
    await annotate(demo, project, record);
    const dataset = await progress.during('dataset', (tell) => orderDemoDataset(project, record, options.pairs, tell, signal));
    await summarise(demo, project, record, dataset, server);
    if (options.exit) return;
    await watchProject(project, record.now.steps.at(-1), progress, signal);
  } finally {
    await server.close();
  }
}

/** Submits the truth of the next task without an annotation, again and again, until there are as many steps as asked for. */
async function annotate(
  { options, progress, signal }: LabelStudioDemo,
  project: DemoProject,
  record: DemoRecordFile,
): Promise<void> {
  const { steps: earlier } = record.now;
  if (earlier.length > 0) progress.say(`  ${earlier.length} annotated in an earlier run`);
  for (;;) {
    const { begun, steps } = record.now;
    const tasks = await demoTasks(project, signal);
    const interrupted = begun !== null && tasks.some(({ id, annotated }) => id === begun.task && annotated);
    const task = interrupted ? { id: begun.task, seed: begun.seed } : tasks.find(({ annotated }) => !annotated);
    if (task === undefined || (steps.length >= options.annotations && !interrupted)) return;
    const { seed } = task;
    await record.change({ begun: { task: task.id, seed } });
    const what = `annotation ${steps.length + 1} of ${Math.max(options.annotations, steps.length + 1)}`;
    const step = await progress.during(what, async (tell): Promise<DemoStep> => {
      const waited = interrupted
        ? await finishAnnotation(project, tell, signal)
        : await annotateTask(project, task, tell, signal);
      return { seed, ...waited, mIoU: await measureVersion(project, tell, signal) };
    });
    await record.change({ begun: null, steps: [...steps, step] });
    progress.say(`  ${what}: ${describeStep(step)}`);
  }
}

function describeStep({ version, versionSeconds, predictions, predictionSeconds, mIoU }: DemoStep): string {
  const after = (seconds: number | null) => (seconds === null ? '' : ` after ${formatSeconds(seconds)}`);
  return [
    `version ${version}${after(versionSeconds)}`,
    `${predictions} predictions${after(predictionSeconds)}`,
    `mIoU ${mIoU?.toFixed(3) ?? '-'}`,
  ].join(', ');
}

async function summarise(
  { labelStudio: { url, login }, progress, options }: LabelStudioDemo,
  { id, api }: DemoProject,
  record: DemoRecordFile,
  dataset: DatasetDetail,
  server: { readonly url: string },
): Promise<void> {
  const { steps } = record.now;
  const seconds = record.now.dataset?.seconds ?? null;
  const projects = await api.get<ProjectSummary[]>('/api/projects');
  const orders = projects.find(({ kind, host, state }) => kind === 'orders' && host === url && state !== 'gone');
  const link = (project: number) => `${url}/projects/${project}/data`;
  progress.say(
    `  dataset of ${dataset.delivered} pairs${seconds === null ? '' : ` in ${formatSeconds(seconds)}`}: ${dataset.folder}`,
  );
  progress.say();
  for (const line of stepsTable(steps)) progress.say(`  ${line}`);
  progress.say(
    `  mIoU: mean of the 11 parts and the background, against the exact parts of ${HELD_OUT_SEEDS.length} pictures that nobody annotated`,
  );
  progress.say();
  if (login !== null) progress.say(`  log in        ${login.email}  password ${login.password}`);
  progress.say(`  the project   ${link(id)}`);
  progress.say(`  label stream  ${link(id)}?labeling=1`);
  if (dataset.projectId !== null) progress.say(`  the dataset   ${link(dataset.projectId)}`);
  if (orders !== undefined) progress.say(`  order more    ${link(orders.id)}`);
  progress.say(`  REST          ${server.url}/openapi.json`);
  progress.say();
  if (!options.exit) {
    progress.say('Correct a prediction in the label stream and submit it. The result appears here.');
    progress.say('Ctrl-C stops everything. Run the demo again to continue.');
  }
}

const fileNameOf = (url: string) => url.replace(/^https?:\/\//, '').replace(/[^\w.-]+/g, '-');
