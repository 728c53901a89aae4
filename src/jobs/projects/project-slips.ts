import type { Kysely } from 'kysely';
import type { Slips } from '../../api/answers.ts';
import { datasetProjectsOf } from '../../store/dataset-projects.ts';
import { tasksOfPhotographs } from '../../store/photographs.ts';
import { versionsOfProject } from '../../store/project-versions.ts';
import type { Database, Project } from '../../store/schema.ts';
import { tasksOfSeeds } from '../../store/tasks.ts';
import { imageKey } from '../../stylegan/image-identity.ts';
import type { Product } from '../product/product.ts';
import { type RecordedPicture, trainingOf, validationOf } from '../product/version-record.ts';
import { imageOfTask, taskUrl } from './task-picture.ts';

/**
 * What annotators probably drew by mistake, as the current version's validation found it; until that is done, as the last one did that was. Each with
 * the task that shows the picture, in the project or in one of its datasets. A picture that no task shows any more is left out.
 */
export async function projectSlips({ store: { db } }: Pick<Product, 'store'>, row: Project): Promise<Slips> {
  // The current version was activated last.
  const [version] = await versionsOfProject(db, row.key, { validation: 'done', limit: 1 });
  if (version === undefined) return { version: null, regions: [], points: [] };
  const validation = validationOf(version);
  const [masks, keypoints] = [validation?.slips ?? [], validation?.keypoints?.slips ?? []];
  if (masks.length + keypoints.length === 0) return { version: version.id, regions: [], points: [] };
  const images = [...masks, ...keypoints].map(({ image }) => image);
  const shown = await tasksShowing(db, row, images);
  const regions = masks.flatMap(({ image, label, seen, share, usualShare, pixels }) => {
    const task = shown.get(nameOf(image));
    const named = { label: version.labels[label] ?? '', seen: version.labels[seen] ?? '' };
    return task === undefined ? [] : [{ ...task, ...named, share, usualShare, pixels }];
  });
  const names = trainingOf(version).keypoints?.names ?? [];
  const points = keypoints.flatMap(({ image, keypoint, distance, usualDistance, markedThere }) => {
    const task = shown.get(nameOf(image));
    const named = { keypoint: names[keypoint] ?? '', markedThere: markedThere === null ? null : (names[markedThere] ?? null) };
    return task === undefined ? [] : [{ ...task, ...named, distance, usualDistance }];
  });
  return { version: version.id, regions, points };
}

const nameOf = (image: RecordedPicture): string => ('seed' in image ? imageKey(image) : image.photo);

/** Of pictures that tasks of the project or of its datasets show, by nameOf. */
async function tasksShowing(
  db: Kysely<Database>,
  row: Project,
  images: readonly RecordedPicture[],
): Promise<Map<string, { task: number; url: string }>> {
  const shown = new Map<string, { task: number; url: string }>();
  const seeds = images.flatMap((image) => ('seed' in image ? [image.seed] : []));
  for (const project of [...(await datasetProjectsOf(db, row.key)), row])
    for (const task of await tasksOfSeeds(db, project.key, seeds))
      shown.set(imageKey(imageOfTask(task)), { task: task.task_id, url: taskUrl(project, task.task_id) });
  const photos = images.flatMap((image) => ('photo' in image ? [image.photo] : []));
  for (const { sha256, task_id: task } of await tasksOfPhotographs(db, row.key, photos))
    shown.set(sha256!, { task, url: taskUrl(row, task) });
  return shown;
}
