import { setTimeout as wait } from 'node:timers/promises';
import { DatasetGanError } from '../../errors.ts';
import type { ProjectDetail, ProjectSummary } from '../../jobs/backend.ts';
import { parseTaskMeta } from '../../label-studio/annotations/task-meta.ts';
import type { Connection } from '../../label-studio/client/connection.ts';
import { createProject } from '../../label-studio/client/create-project.ts';
import { AnswerError } from '../../label-studio/client/failure.ts';
import { getProject } from '../../label-studio/client/get-project.ts';
import { listProjects } from '../../label-studio/client/list-projects.ts';
import { listTasks } from '../../label-studio/client/list-tasks.ts';
import { createMlBackend, deleteMlBackend } from '../../label-studio/client/ml-backends.ts';
import { modelVersions } from '../../label-studio/client/model-versions.ts';
import { type Project, projectUid } from '../../label-studio/client/project.ts';
import { deleteWebhook, listWebhooks } from '../../label-studio/client/webhooks.ts';
import type { Settings } from '../../settings.ts';
import type { ApiClient } from '../api-client.ts';
import { describeJob } from '../progress-line.ts';
import type { DemoRecordFile } from './demo-record.ts';
import { PORTRAIT_LABEL_CONFIG } from './portrait-parts.ts';

const TITLE = 'DatasetGAN demo: portraits';
const BACKEND_TITLE = 'DatasetGAN demo';
const POLL = 500;
/** A problem may pass by itself: the server looks again within a minute. */
const PATIENCE = 90_000;

/** The demo's project in Label Studio and in our server. */
export interface DemoProject {
  readonly connection: Connection;
  readonly id: number;
  readonly api: ApiClient;
  /** Path of the project in our REST API. */
  readonly path: string;
}

export interface DemoTask {
  readonly id: number;
  readonly seed: number;
  readonly annotated: boolean;
}

/** The project that the record names, if Label Studio still has it; else a new one, with an empty record. */
export async function ensureProject(connection: Connection, record: DemoRecordFile, signal: AbortSignal): Promise<Project> {
  const { id: mark, project: uid } = record.now;
  const known = uid === null ? undefined : await findKnown(connection, uid, signal);
  if (known !== undefined) return known;
  const description = `Generated portraits, labelled by the demo and by you. (DatasetGAN demo ${mark})`;
  const settings = { title: TITLE, description, label_config: PORTRAIT_LABEL_CONFIG, sampling: 'Uncertainty sampling' } as const;
  // We may have been stopped after Label Studio made the project and before its id was written down.
  const project =
    (uid === null ? await findMarked(connection, mark, signal) : undefined) ??
    (await createProject(connection, settings, signal));
  await record.change({ project: projectUid(project), begun: null, steps: [], dataset: null });
  return project;
}

async function findKnown(connection: Connection, uid: string, signal: AbortSignal): Promise<Project | undefined> {
  try {
    const project = await getProject(connection, Number.parseInt(uid, 10), signal);
    return projectUid(project) === uid ? project : undefined;
  } catch (thrown) {
    if (thrown instanceof DatasetGanError && thrown.code === 'label-studio-gone') return undefined;
    throw thrown;
  }
}

async function findMarked(connection: Connection, mark: string, signal: AbortSignal): Promise<Project | undefined> {
  for await (const project of listProjects(connection, signal)) if (project.description?.includes(mark) === true) return project;
  return undefined;
}

/**
 * Connects our server as the project's ML backend, unless it is, and asks it for tasks and for the orders project. A row that the demo made under
 * an address it no longer has is replaced. Gives whether there was something to do.
 * @throws DatasetGanError that says how to let Label Studio reach us
 */
export async function connectBackend(
  { connection, id, api, path }: DemoProject,
  { url, tasks, basicAuth }: { readonly url: string; readonly tasks: number } & Pick<Settings, 'basicAuth'>,
  signal: AbortSignal,
): Promise<boolean> {
  const { backends } = await modelVersions(connection, id, signal);
  const known = (await api.get<ProjectSummary[]>('/api/projects')).some(
    (project) => path.endsWith(encodeURIComponent(`${project.host}|${project.id}`)) && project.state !== 'gone',
  );
  if (known && backends.some((backend) => backend.url === url)) return false;
  const stale = backends.filter(({ title }) => title === BACKEND_TITLE);
  for (const backend of stale) await deleteMlBackend(connection, backend.id, signal);
  try {
    const extra = { seed_tasks: tasks, orders: true };
    const login =
      basicAuth === null
        ? {}
        : { auth_method: 'BASIC_AUTH' as const, basic_auth_user: basicAuth.user, basic_auth_pass: basicAuth.pass };
    await createMlBackend(connection, id, { url, title: BACKEND_TITLE, extra_params: extra, ...login }, signal);
  } catch (thrown) {
    if (!(thrown instanceof AnswerError) || thrown.fix !== undefined) throw thrown;
    // Its words end in a link to its guide and a Python exception.
    const words = thrown.detail.replace(/\s*(Make sure|<a ).*$/s, '');
    throw new DatasetGanError('label-studio-error', `Label Studio cannot connect to this server at ${url}: ${words}`, {
      fix: 'Set CALLBACK_URL to where that Label Studio reaches this machine, and HOST=0.0.0.0 where that is not loopback (from its container: http://host.docker.internal:9090).',
      cause: thrown,
    });
  }
  // Now, since our server makes the webhook again as long as it goes by the old address.
  for (const hook of await listWebhooks(connection, id, signal))
    if (stale.some((backend) => backend.url !== url && hook.url.startsWith(`${backend.url}/`)))
      await deleteWebhook(connection, hook.id, signal);
  return true;
}

/** Waits until the project is connected and has that many tasks. */
export async function waitForTasks(
  project: DemoProject,
  tasks: number,
  tell: (detail: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const patience = Date.now() + PATIENCE;
  for (;;) {
    const { state, seededTasks, problem, jobs } = await projectDetail(project);
    if (state === 'connected' && seededTasks >= tasks) return;
    const job = jobs.find(({ kind }) => kind === 'seed');
    if (job?.error !== undefined) throw new DatasetGanError('label-studio-error', job.error.message, fixOf(job.error.fix));
    if (problem !== null && Date.now() > patience) throw new DatasetGanError('label-studio-error', problem);
    tell(problem ?? (job === undefined ? state : describeJob(job)));
    await wait(POLL, undefined, { signal });
  }
}

/** The project's tasks that are ours, by ascending seed. */
export async function demoTasks({ connection, id }: DemoProject, signal: AbortSignal): Promise<DemoTask[]> {
  const tasks: DemoTask[] = [];
  for await (const task of listTasks(connection, id, { fields: ['meta', 'total_annotations'], signal })) {
    const seed = parseTaskMeta(task.meta)?.seed;
    if (seed !== undefined) tasks.push({ id: task.id, seed, annotated: (task.total_annotations ?? 0) > 0 });
  }
  return tasks.sort((a, b) => a.seed - b.seed);
}

export const projectDetail = ({ api, path }: DemoProject): Promise<ProjectDetail> => api.get<ProjectDetail>(path);

const fixOf = (fix: string | undefined) => (fix === undefined ? {} : { fix });
