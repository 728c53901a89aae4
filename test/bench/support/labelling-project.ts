import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isLabelStudioInstalled, labelStudioCommand } from '../../../src/cli/install-label-studio.ts';
import { startLabelStudio } from '../../../src/cli/local-label-studio.ts';
import type { GeneratorSummary, Job, ProjectDetail } from '../../../src/jobs/backend.ts';
import { parseTaskMeta } from '../../../src/label-studio/annotations/task-meta.ts';
import { Connection } from '../../../src/label-studio/client/connection.ts';
import { createAnnotation } from '../../../src/label-studio/client/create-annotation.ts';
import { createProject } from '../../../src/label-studio/client/create-project.ts';
import { listTasks } from '../../../src/label-studio/client/list-tasks.ts';
import { createMlBackend } from '../../../src/label-studio/client/ml-backends.ts';
import { parseLabelConfig } from '../../../src/label-studio/label-config/parse-label-config.ts';
import { regionsOfLabelMap } from '../../../src/label-studio/regions/regions-of-label-map.ts';
import { decodeIndexPng } from '../../../src/masks/png.ts';
import { PARTS } from '../../../src/stylegan/portraits/parts.ts';

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
  stop(): Promise<void>;
}

/** @throws when no Label Studio is installed: LABEL_STUDIO_VENV names it, or `.cache/label-studio-venv`. */
export async function startLabellingProject(options: { readonly seedTasks: number }): Promise<LabellingProject> {
  const venv = process.env.LABEL_STUDIO_VENV ?? join(ROOT, '.cache/label-studio-venv');
  if (!isLabelStudioInstalled(venv) && process.env.LABEL_STUDIO_VENV === undefined)
    throw new Error(
      `There is no ${labelStudioCommand(venv)}; set LABEL_STUDIO_VENV to a virtual environment that has Label Studio.`,
    );
  const folder = await mkdtemp(join(tmpdir(), 'datasetgan-bench-'));
  const labelStudio = await startLabelStudio({ venv, dataDir: join(folder, 'label-studio') });
  const connection = new Connection({ base: labelStudio.url, key: labelStudio.personalAccessToken });
  const server = await startServer(join(folder, 'data'), labelStudio.url, labelStudio.personalAccessToken);
  const get = async <T>(path: string): Promise<T> => (await (await fetch(server.url + path)).json()) as T;

  const { id } = await createProject(connection, { title: 'Bench', label_config: LABEL_CONFIG });
  const extra = { seed_tasks: options.seedTasks };
  await createMlBackend(connection, id, { url: server.url, title: 'DatasetGAN', extra_params: extra });
  const detail = () => get<ProjectDetail>(`/api/projects/${id}`);
  while ((await detail()).seededTasks < options.seedTasks) await wait(500);
  const tasks = [];
  for await (const task of listTasks(connection, id, { fields: ['meta'] }))
    tasks.push({ id: task.id, seed: parseTaskMeta(task.meta)!.seed });
  tasks.sort((a, b) => a.seed - b.seed);

  const config = parseLabelConfig(LABEL_CONFIG);
  const end = async () => {
    const ended = new Promise((done) => server.child.once('exit', done));
    if (server.child.exitCode === null && server.child.signalCode === null && server.child.kill('SIGTERM')) await ended;
    await labelStudio.stop();
    await rm(folder, { recursive: true, force: true });
  };
  let ending: Promise<void> | undefined;
  const stop = () => (ending ??= end());
  process.once('SIGINT', () => void stop().finally(() => process.exit(130)));
  return {
    url: server.url,
    pid: server.child.pid!,
    connection,
    id,
    generator: (await get<GeneratorSummary[]>('/api/generators')).find(({ name }) => name === 'portraits-256')!,
    tasks,
    detail,
    job: async (kind) => (await detail()).jobs.find((job) => job.kind === kind),
    async annotate(task) {
      const png = new Uint8Array(
        await (await fetch(`${server.url}/api/generators/portraits-256/truth/${task.seed}.png`)).arrayBuffer(),
      );
      const result = regionsOfLabelMap(config, await decodeIndexPng(png), { version: 'truth' }).map((region) => ({
        ...region,
        origin: 'manual',
      }));
      const submitted = performance.now();
      await createAnnotation(connection, task.id, { result, lead_time: 60 });
      return submitted;
    },
    stop,
  };
}

async function startServer(dataDir: string, labelStudio: string, key: string): Promise<{ child: ChildProcess; url: string }> {
  const port = await freePort();
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
