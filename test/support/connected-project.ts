import { randomUUID } from 'node:crypto';
import type { Job, JobKind, ProjectDetail } from '../../src/api/answers.ts';
import { parseTaskMeta } from '../../src/label-studio/annotations/task-meta.ts';
import type { Annotation } from '../../src/label-studio/client/annotations.ts';
import { createAnnotation } from '../../src/label-studio/client/annotations.ts';
import { createMlBackend } from '../../src/label-studio/client/ml-backends.ts';
import type { Prediction } from '../../src/label-studio/client/predictions.ts';
import { listPredictions } from '../../src/label-studio/client/predictions.ts';
import { createProject, getProject } from '../../src/label-studio/client/projects.ts';
import { listTasks } from '../../src/label-studio/client/tasks.ts';
import type { Connection } from '../../src/label-studio/connection/connection.ts';
import type { LabelConfig } from '../../src/label-studio/label-config/label-config.ts';
import { parseLabelConfig } from '../../src/label-studio/label-config/parse-label-config.ts';
import { brushConfig, truthRegions } from './annotator.ts';
import type { OurServer } from './our-server.ts';
import { until } from './until.ts';

export const BACKEND_TITLE = 'DatasetGAN';

interface ConnectOptions {
  /** Label config; default: all parts of a portrait. */
  readonly config?: string;
  /** Pictures to seed: those of seeds 0, 1, 2 … */
  readonly tasks: number;
  readonly extra?: object;
}

/** A project in a real Label Studio that is connected to our server, seen from both sides. */
export class ConnectedProject {
  readonly connection: Connection;
  readonly server: OurServer;
  readonly id: number;
  /** Of the ML backend row. */
  readonly backendId: number;
  readonly config: LabelConfig;

  private constructor(connection: Connection, server: OurServer, id: number, backendId: number, config: string) {
    this.connection = connection;
    this.server = server;
    this.id = id;
    this.backendId = backendId;
    this.config = parseLabelConfig(config);
  }

  /** One that was connected otherwise. */
  static of(
    connection: Connection,
    server: OurServer,
    known: { id: number; backendId: number; config: string },
  ): ConnectedProject {
    return new ConnectedProject(connection, server, known.id, known.backendId, known.config);
  }

  /** Makes the project, connects our server by the API as the Settings form does, and waits until its tasks are there. */
  static async connect(connection: Connection, server: OurServer, options: ConnectOptions): Promise<ConnectedProject> {
    const { config = brushConfig(), tasks, extra = {} } = options;
    const { id } = await createProject(connection, { title: `Portraits ${randomUUID().slice(0, 8)}`, label_config: config });
    const extra_params = { seed_tasks: tasks, ...extra };
    const backend = await createMlBackend(connection, id, { url: server.url, title: BACKEND_TITLE, extra_params });
    const project = new ConnectedProject(connection, server, id, backend.id, config);
    await project.connected();
    await until(`${tasks} tasks are seeded`, async () => (await project.tasks()).size === tasks, {
      show: () => project.detail(),
    });
    await project.idle();
    return project;
  }

  /** Waits until our server has looked for it and found that it leads here. */
  async connected(): Promise<void> {
    await until('the project is connected', async () => {
      const detail = await this.detail().catch(() => undefined);
      return detail?.state === 'connected';
    });
  }

  /** The same project after its label config was changed. */
  withConfig(config: string): ConnectedProject {
    return new ConnectedProject(this.connection, this.server, this.id, this.backendId, config);
  }

  detail(): Promise<ProjectDetail> {
    return this.server.api('GET', `/api/projects/${this.id}`);
  }

  /** Newest first. */
  async jobs(kind: JobKind): Promise<Job[]> {
    return (await this.detail()).jobs.filter((job) => job.kind === kind);
  }

  /** Task ids by seed, as Label Studio has them. */
  async tasks(): Promise<Map<number, number>> {
    const tasks = await Array.fromAsync(listTasks(this.connection, this.id, { fields: ['meta'] }));
    return new Map(tasks.map(({ id, meta }) => [parseTaskMeta(meta)!.seed, id]));
  }

  async taskOf(seed: number): Promise<number> {
    return (await this.tasks()).get(seed)!;
  }

  /** Submits what is exactly right for a picture, or these regions, as an annotator would. */
  async annotate(seed: number, { result, parent }: { result?: readonly object[]; parent?: number } = {}): Promise<Annotation> {
    return createAnnotation(this.connection, await this.taskOf(seed), {
      result: result ?? truthRegions(this.config, seed),
      lead_time: 30,
      ...(parent === undefined ? {} : { parent_prediction: parent }),
    });
  }

  /** Annotates and waits until a training that began after it is done, and all that follows from it; gives the version that is current then. */
  async learn(seed: number, options?: Parameters<ConnectedProject['annotate']>[1]): Promise<string> {
    return this.afterTraining(() => this.annotate(seed, options));
  }

  /** Does something that must lead to a training, and waits until that one and all that follows from it is done. */
  async afterTraining(act: () => Promise<unknown>): Promise<string> {
    const before = new Set((await this.jobs('train')).map(({ id }) => id));
    await act();
    await until('a training was asked for', async () => (await this.jobs('train')).some(({ id }) => !before.has(id)), {
      show: () => this.detail(),
    });
    await this.idle();
    const failed = (await this.jobs('train')).find(({ id, state }) => !before.has(id) && state === 'failed');
    if (failed !== undefined) throw new Error(`The training failed: ${JSON.stringify(failed.error)}`);
    return (await this.detail()).currentVersion!;
  }

  /** Waits until no job of the project runs or waits. */
  async idle(): Promise<void> {
    const busy = ({ jobs }: ProjectDetail) => jobs.some(({ state }) => state === 'queued' || state === 'running');
    await until('all jobs of the project are done', async () => !busy(await this.detail()), { show: () => this.detail() });
  }

  /** Predictions in Label Studio, by seed. */
  async predictions(): Promise<Map<number, Prediction[]>> {
    const found = new Map<number, Prediction[]>();
    for (const [seed, task] of await this.tasks()) found.set(seed, await listPredictions(this.connection, task));
    return found;
  }

  /** What Label Studio shows: the backend's title, or a version. */
  async shownVersion(): Promise<string> {
    return (await getProject(this.connection, this.id)).model_version ?? '';
  }
}
