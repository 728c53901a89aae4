import type { Kysely } from 'kysely';
import { toError } from '../../errors.ts';
import { configInLabels } from '../../label-studio/label-config/config-in-labels.ts';
import type { LabelConfig } from '../../label-studio/label-config/label-config.ts';
import { parseLabelConfig } from '../../label-studio/label-config/parse-label-config.ts';
import { datasetProjectsOf, foreignDatasets } from '../../store/dataset-projects.ts';
import { setProjectProblem, updateProject } from '../../store/projects.ts';
import { json } from '../../store/rows.ts';
import type { Database, NewTask, Project } from '../../store/schema.ts';
import { recordTasks } from '../../store/tasks.ts';
import type { TrainingContext } from '../product/contexts.ts';
import { type LinkedProject, linkProject } from '../projects/linked-project.ts';
import { projectProblem } from '../projects/project-problem.ts';
import { pictureOf, taskRow } from '../projects/task-picture.ts';
import type { PictureSource } from '../sources/picture-source.ts';
import { boxedPictures } from './boxed-pictures.ts';
import { labelsWithoutStroke } from './labels-without-stroke.ts';
import { type PulledProject, type PulledTask, pullProject } from './pull-project.ts';
import { unpaintedRules } from './unpainted-rules.ts';

export interface PulledAnnotations {
  /** Tasks with an annotation that counts, of the project and of its datasets, one a picture, newest annotation first. */
  readonly counted: readonly PulledTask[];
  /** What was pulled of each project, the labelling project first. */
  readonly projects: readonly (PulledProject & { readonly key: string })[];
}

/**
 * What a labelling project is trained on: its own annotations, and those that people made or changed in the projects of its datasets. Of a picture
 * that is annotated in several of them, the annotation that was changed last counts.
 * @throws DatasetGanError the client's errors, `cancelled`
 */
export async function pullAnnotations(
  product: TrainingContext,
  linked: LinkedProject,
  config: LabelConfig,
  pictures: PictureSource,
  signal: AbortSignal,
): Promise<PulledAnnotations> {
  const { db } = product.store;
  const rules = unpaintedRules(linked.row);
  const projects = [{ key: linked.row.key, ...(await pullProject(product, linked, config, pictures, rules, signal)) }];
  for (const { key } of await datasetProjectsOf(db, linked.row.key)) {
    const pulled = await pullDatasetProject(product, linked.row, key, config, pictures, signal);
    if (pulled !== undefined) projects.push({ key, ...pulled });
  }
  return {
    counted: newestByPicture(
      projects.flatMap(({ counted }) => counted),
      pictures,
    ),
    projects,
  };
}

/** The last changed annotation of each picture, newest first. */
export function newestByPicture(tasks: readonly PulledTask[], { keyOf }: Pick<PictureSource, 'keyOf'>): PulledTask[] {
  const changed = (task: PulledTask) => Date.parse(task.counted!.updatedAt);
  const newest = new Map<string, PulledTask>();
  for (const task of tasks) {
    const picture = keyOf(task.picture);
    const other = newest.get(picture);
    if (other === undefined || changed(other) < changed(task)) newest.set(picture, task);
  }
  return [...newest.values()].sort((a, b) => changed(b) - changed(a));
}

/** An unreadable dataset project does not stop the training of its source. Its own record has the problem. */
const SKIPPED = new Set(['label-studio-gone', 'wrong-server', 'bad-label-config']);

async function pullDatasetProject(
  product: TrainingContext,
  source: Project,
  key: string,
  config: LabelConfig,
  pictures: PictureSource,
  signal: AbortSignal,
): Promise<PulledProject | undefined> {
  try {
    const linked = await linkProject(product, key, signal);
    const own = configInLabels(parseLabelConfig(linked.found.label_config), config);
    const pulled = await pullProject(product, linked, own, pictures, unpaintedRules(source), signal);
    // A project may hold datasets of several sources.
    const foreign = new Set(await foreignDatasets(product.store.db, key, source.key));
    return { ...pulled, counted: pulled.counted.filter(({ meta }) => !foreign.has(meta?.dataset ?? '')) };
  } catch (thrown) {
    const error = toError(thrown);
    if (!SKIPPED.has(error.code)) throw error;
    await setProjectProblem(product.store.db, key, projectProblem(error));
    return undefined;
  }
}

/**
 * Keeps what a training saw, to notice changes by, and what is to be said of it; and the seeds that people annotated in dataset projects, which
 * count as labelling seeds from now on: no later dataset contains them.
 */
export async function recordPulled(
  db: Kysely<Database>,
  { counted, projects }: PulledAnnotations,
  { labels }: Pick<LabelConfig, 'labels'>,
): Promise<void> {
  const [source, ...datasets] = projects;
  for (const project of projects) {
    // Of the labelling project: all that it learns from, corrections in its datasets too.
    const notes = [...labelsWithoutStroke(labels, counted), ...boxedPictures(counted), ...(project.record.notes ?? [])];
    const record = project === source ? { ...project.record, counted: counted.length, notes } : project.record;
    await updateProject(db, project.key, { annotations: json(record) });
  }
  const annotated = datasets.flatMap(({ key, counted }) =>
    counted.flatMap(({ taskId, meta }): NewTask[] => (meta === null ? [] : [taskRow(key, taskId, pictureOf(meta))])),
  );
  await recordTasks(db, annotated);
}
