import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import type { GeneratorSummary, Job, ProjectDetail } from '../../../src/api/answers.ts';
import { parseTaskMeta } from '../../../src/label-studio/annotations/task-meta.ts';
import { createAnnotation } from '../../../src/label-studio/client/annotations.ts';
import { createMlBackend } from '../../../src/label-studio/client/ml-backends.ts';
import { createProject } from '../../../src/label-studio/client/projects.ts';
import { listTasks } from '../../../src/label-studio/client/tasks.ts';
import { Connection } from '../../../src/label-studio/connection/connection.ts';
import { parseLabelConfig } from '../../../src/label-studio/label-config/parse-label-config.ts';
import { regionsOfLabelMap } from '../../../src/label-studio/regions/regions-of-label-map.ts';
import type { LabelMap } from '../../../src/masks/label-map.ts';
import { decodeIndexPng } from '../../../src/masks/png/png.ts';
import { PARTS } from '../../../src/stylegan/portraits/parts.ts';
import { type RealLabelStudio, startRealLabelStudio } from '../../support/real-label-studio.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
export const LABEL_CONFIG = `<View><Image name="image" value="$image"/><BrushLabels name="tag" toName="image">${PARTS.slice(1)
  .map((part) => `<Label value="${part}"/>`)
  .join('')}</BrushLabels></View>`;

/** A Label Studio, our server, and a project that is connected and seeded, all real and all on this machine. */
export interface LabellingProject {
  /** Address of our server. */
  readonly url: string;
  /** Process id of our server. */
  readonly pid: number;
  readonly labelStudio: RealLabelStudio;
  readonly connection: Connection;
  readonly id: number;
  readonly generator: GeneratorSummary;
  /** Our tasks by seed, ascending. */
  readonly tasks: readonly { readonly id: number; readonly seed: number }[];
  detail(): Promise<ProjectDetail>;
  /** The newest job of a kind. */
  job(kind: Job['kind']): Promise<Job | undefined>;
  /** Paints the truth of a task as a brush annotation and submits it; gives the moment of the submit (performance.now()). */
  annotate(task: { readonly id: number; readonly seed: number }): Promise<number>;
  /** Ends our server and starts it again, at the same address with the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

interface LabellingOptions {
  readonly seedTasks: number;
  /** Another generator than the bundled one: written into the folder of the user's own. Its pictures are annotated by their brightness. */
  readonly generator?: { readonly name: string; readonly write: (generators: string) => Promise<unknown> };
}

/** @throws when no Label Studio is installed: LABEL_STUDIO_VENV names it, or `.cache/label-studio-venv`. */
export async function startLabellingProject({ seedTasks, generator }: LabellingOptions): Promise<LabellingProject> {
  const folder = await mkdtemp(join(tmpdir(), 'datasetgan-bench-'));
  const labelStudio = await startRealLabelStudio();
  const connection = new Connection({ base: labelStudio.url, key: labelStudio.personalAccessToken });
  await generator?.write(join(folder, 'data/generators'));
  const name = generator?.name ?? 'portraits-256';
  const start = (port?: number) => startServer(join(folder, 'data'), labelStudio.url, labelStudio.personalAccessToken, port);
  let server = await start();
  const get = async <T>(path: string): Promise<T> => (await (await fetch(server.url + path)).json()) as T;

  const { id } = await createProject(connection, { title: 'Bench', label_config: LABEL_CONFIG });
  const extra = { seed_tasks: seedTasks, generator: name };
  await createMlBackend(connection, id, { url: server.url, title: 'DatasetGAN', extra_params: extra });
  const detail = () => get<ProjectDetail>(`/api/projects/${id}`);
  // Until it is connected, the answer is an error.
  while (!((await detail()).seededTasks >= seedTasks)) await wait(500);
  const tasks = [];
  for await (const task of listTasks(connection, id, { fields: ['meta'] }))
    tasks.push({ id: task.id, seed: parseTaskMeta(task.meta)!.seed });
  tasks.sort((a, b) => a.seed - b.seed);

  const config = parseLabelConfig(LABEL_CONFIG);
  const endServer = async () => {
    const ended = new Promise((done) => server.child.once('exit', done));
    if (server.child.exitCode === null && server.child.signalCode === null && server.child.kill('SIGTERM')) await ended;
  };
  const end = async () => {
    await endServer();
    await labelStudio.stop();
    await rm(folder, { recursive: true, force: true });
  };
  let ending: Promise<void> | undefined;
  const stop = () => (ending ??= end());
  process.once('SIGINT', () => void stop().finally(() => process.exit(130)));
  return {
    url: server.url,
    get pid() {
      return server.child.pid!;
    },
    labelStudio,
    connection,
    id,
    generator: (await get<GeneratorSummary[]>('/api/generators')).find((each) => each.name === name)!,
    tasks,
    detail,
    job: async (kind) => (await detail()).jobs.find((job) => job.kind === kind),
    async annotate(task) {
      const what = generator === undefined ? 'truth' : 'images';
      const address = `${server.url}/api/generators/${name}/${what}/${task.seed}.png`;
      const png = new Uint8Array(await (await fetch(address)).arrayBuffer());
      const map = generator === undefined ? await decodeIndexPng(png) : await bandsOfBrightness(png);
      const result = regionsOfLabelMap(config, map, { version: 'truth' }).map((region) => ({
        ...region,
        origin: 'manual',
      }));
      const submitted = performance.now();
      await createAnnotation(connection, task.id, { result, lead_time: 60 });
      return submitted;
    },
    async restart() {
      await endServer();
      server = await start(Number(new URL(server.url).port));
    },
    stop,
  };
}

/** As many bands of brightness as there are parts of a portrait, smooth as what people draw. */
async function bandsOfBrightness(png: Uint8Array): Promise<LabelMap> {
  const { data, info } = await sharp(png).greyscale().blur(16).normalise().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  return { width, height, data: Uint8Array.from(data, (grey) => Math.floor((grey * PARTS.length) / 256)) };
}

/** Our server in a process of its own. */
export async function startServer(
  dataDir: string,
  labelStudio: string,
  key: string,
  chosenPort?: number,
): Promise<{ child: ChildProcess; url: string }> {
  const port = chosenPort ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [join(ROOT, 'src/main.ts'), 'serve'], {
    stdio: ['ignore', process.env.BENCH_LOG === undefined ? 'ignore' : 'inherit', 'inherit'],
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: dataDir,
      LABEL_STUDIO_URL: labelStudio,
      LABEL_STUDIO_API_KEY: key,
    },
  });
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}.`);
    const ready = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return { child, url };
    await wait(200);
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => probe.once('listening', listening));
  const { port } = probe.address() as AddressInfo;
  await new Promise((closed) => probe.close(closed));
  return port;
}
