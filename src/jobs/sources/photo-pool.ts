import { existsSync } from 'node:fs';
import { BASIS } from '../../interpreter/recipe.ts';
import { listTasks } from '../../label-studio/client/tasks.ts';
import { ensurePhotoBasisTask, type PhotoPool } from '../../photos/photo-basis.ts';
import { networkOfPhotos, type PhotoFile } from '../../photos/photo-files.ts';
import { forgetPhotographs, listPhotographs } from '../../store/photographs.ts';
import type { Project } from '../../store/schema.ts';
import { PRIORITY } from '../engine-tasks/priority.ts';
import type { SourcesContext } from '../product/contexts.ts';
import { connectionOf } from '../projects/linked-project.ts';
import type { PhotoSettings } from '../projects/photo-settings.ts';
import { photographOf, readPhotographs } from './photo-tasks.ts';

/**
 * The photographs of a project that its basis is learnt from: those of its first tasks, as Label Studio has them now. So the basis stays the same as long
 * as these tasks stay.
 * @throws DatasetGanError the client's errors, `cancelled`
 */
export async function readPool(
  product: SourcesContext,
  project: Project,
  settings: PhotoSettings,
  signal: AbortSignal,
): Promise<PhotoPool> {
  const { db } = product.store;
  const connection = connectionOf(product, project.host);
  const tasks = [];
  for await (const task of listTasks(connection, project.ls_id, { fields: ['data'], pageSize: BASIS.pictures, signal })) {
    tasks.push(task);
    if (tasks.length === BASIS.pictures) break;
  }
  await forgetPhotographs(db, project.key, { upTo: tasks.at(-1)?.id ?? 0, but: tasks.map(({ id }) => id) });
  const { pictures } = await readPhotographs(product, project, settings.view.size, tasks, signal);
  return poolOf(product, settings, [...pictures.values()]);
}

/** The same from what is known, so that nobody waits for Label Studio. @throws DatasetGanError as readPool where nothing is known */
export async function knownPool(
  product: SourcesContext,
  project: Project,
  settings: PhotoSettings,
  signal: AbortSignal,
): Promise<PhotoPool> {
  const { folder, store } = product;
  const rows = await listPhotographs(store.db, project.key, BASIS.pictures);
  const files = rows.flatMap((row) => photographOf(folder, row, settings.view.size) ?? []);
  const here = files.length > 0 && files.every(({ file }) => existsSync(file));
  return here ? poolOf(product, settings, files) : readPool(product, project, settings, signal);
}

/** Learns the features of a pool without labels, unless that is done: the first training need not wait for it. */
export async function learnPool({ engine }: Pick<SourcesContext, 'engine'>, pool: PhotoPool, signal: AbortSignal): Promise<void> {
  const { memory } = networkOfPhotos(pool.backbone, pool.view, []);
  await engine.run(ensurePhotoBasisTask, pool, { lane: 'batch', priority: PRIORITY.refresh, memory, signal });
}

const poolOf = ({ folder }: Pick<SourcesContext, 'folder'>, settings: PhotoSettings, files: readonly PhotoFile[]): PhotoPool => ({
  ...settings,
  files,
  basisFolder: folder.photos,
});
