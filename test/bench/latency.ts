/**
 * How long Label Studio, and so an annotator, waits for this server while it computes: a real Label Studio, a real project with 40 seeded tasks,
 * annotated one after the other so that the interpreter trains again and again; only answers given while a training ran are counted.
 */
import { once } from 'node:events';
import { cpus } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { getProject, projectUid } from '../../src/label-studio/client/projects.ts';
import { brushRle } from './support/brush-rle.ts';
import { type LabellingProject, startLabellingProject } from './support/labelling-project.ts';
import { predictBody } from './support/predict-body.ts';
import { agent, timed } from './support/timed.ts';

const SAMPLES = 200;
const PREDICTIONS = 40;
const LARGE_BODIES = 5;
const MEGABYTE = 1e6;
const PADDING = '["padding"]';

/** The value below which that share of the samples lies. */
function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
}

const webhook = Buffer.from(
  `{"action":"ANNOTATION_UPDATED","annotation":{"id":1,"result":[{"value":{"rle":${brushRle(MEGABYTE)}}}]},"project":{"id":999999}}`,
);

async function probeHealth(samples: number[], running: () => boolean): Promise<void> {
  for (; running(); await wait(20)) samples.push(await timed(`${project.url}/health`));
}

/** Until enough were sent: more often than annotators submit, seldom enough for each to be read before the next. */
async function probeWebhook(samples: number[], running: () => boolean): Promise<void> {
  for (; running(); await wait(100)) samples.push(await timed(`${project.url}/webhook`, webhook));
}

/** Sends `body`, with 100 MB for PADDING, from a thread of its own: making so much text holds a thread up, and the probes run in this one. */
async function sendLarge(url: string, body: string): Promise<number> {
  const [before, after] = body.split(PADDING);
  const sender = new Worker(new URL('./support/send-large.ts', import.meta.url), {
    workerData: { url, before, after, bytes: 100 * MEGABYTE },
  });
  sender.once('error', (error) => {
    throw error;
  });
  const [milliseconds] = (await once(sender, 'message')) as [number];
  return milliseconds;
}

/** Calls `probe` while a training runs, annotating the next task whenever there is none, until it says that it has enough. */
async function whileTraining(project: LabellingProject, probe: (running: () => boolean) => Promise<boolean>): Promise<void> {
  for (let enough = false; !enough; ) {
    if (next === project.tasks.length) throw new Error('All tasks are annotated, and still too few samples.');
    await project.annotate(project.tasks[next++]!);
    while ((await project.job('train'))?.state !== 'running') await wait(50);
    let running = true;
    const watch = async () => {
      while (running) {
        await wait(200);
        running &&= (await project.job('train'))?.state === 'running';
      }
    };
    const work = async () => {
      while (running && !enough) enough = await probe(() => running);
      running = false;
    };
    await Promise.all([watch(), work()]);
  }
}

let next = 0;
const project = await startLabellingProject({ seedTasks: 40 });
try {
  const uid = projectUid(await getProject(project.connection, project.id));
  await project.annotate(project.tasks[next++]!);
  while ((await project.detail()).currentVersion === null) await wait(200);

  const health: number[] = [];
  const hooks: number[] = [];
  await whileTraining(project, async (running) => {
    await Promise.all([probeHealth(health, running), probeWebhook(hooks, running)]);
    return hooks.length >= SAMPLES;
  });

  const predictions: number[] = [];
  await whileTraining(project, async () => {
    predictions.push(
      await timed(`${project.url}/predict`, Buffer.from(predictBody(project, uid, 2_000_000 + predictions.length))),
    );
    return predictions.length >= PREDICTIONS;
  });

  const largeHealth: number[] = [];
  const largeHooks: number[] = [];
  const large: number[] = [];
  await whileTraining(project, async () => {
    const body = predictBody(project, uid, 3_000_000 + large.length, PADDING);
    let answered = false;
    const answer = sendLarge(`${project.url}/predict`, body).finally(() => {
      answered = true;
    });
    const [milliseconds] = await Promise.all([
      answer,
      probeHealth(largeHealth, () => !answered),
      probeWebhook(largeHooks, () => !answered),
    ]);
    large.push(milliseconds);
    return large.length >= LARGE_BODIES;
  });

  console.log(`latency: while training runs; ${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}`);
  const report = (name: string, samples: readonly number[], share: number, anchor: number) => {
    const figure = percentile(samples, share);
    const ratio = (anchor / figure).toFixed(1);
    console.log(
      `  ${name.padEnd(44)} p${share * 100} ${figure.toFixed(1).padStart(7)} ms  anchor ${anchor} ms  ratio ${ratio}x  (median ${percentile(samples, 0.5).toFixed(1)} ms, ${samples.length} samples)`,
    );
  };
  report('GET /health', health, 0.99, 20);
  report('POST /webhook of 1 MB', hooks, 0.99, 50);
  report('GET /health during a /predict of 100 MB', largeHealth, 0.99, 20);
  report('POST /webhook of 1 MB during it', largeHooks, 0.99, 50);
  report('POST /predict of one new task', predictions, 0.95, 3000);
  console.log(`  POST /predict of 100 MB itself: median ${percentile(large, 0.5).toFixed(0)} ms`);
} finally {
  await project.stop();
  agent.destroy();
}
