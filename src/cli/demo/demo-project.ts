import type { ProjectDetail } from '../../api/answers.ts';
import { isError } from '../../errors.ts';
import { parseTaskMeta } from '../../label-studio/annotations/task-meta.ts';
import { createProject, getProject, listProjects, type Project, projectUid } from '../../label-studio/client/projects.ts';
import { listTasks } from '../../label-studio/client/tasks.ts';
import type { Connection } from '../../label-studio/connection/connection.ts';
import type { ApiClient } from '../api-client.ts';
import type { DemoRecordFile } from './demo-record.ts';
import { PORTRAIT_LABEL_CONFIG } from './portrait-parts.ts';

const TITLE = 'DatasetGAN demo: portraits';

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
    if (isError(thrown, 'label-studio-gone')) return undefined;
    throw thrown;
  }
}

async function findMarked(connection: Connection, mark: string, signal: AbortSignal): Promise<Project | undefined> {
  for await (const project of listProjects(connection, signal)) if (project.description?.includes(mark) === true) return project;
  return undefined;
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
