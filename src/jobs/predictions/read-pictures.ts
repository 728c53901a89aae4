import { listTasks } from '../../label-studio/client/tasks.ts';
import { unreadPhotographs } from '../../store/photographs.ts';
import { chunks } from '../../store/rows.ts';
import type { JsonObject } from '../../store/schema.ts';
import type { PredictionsContext } from '../product/contexts.ts';
import { linkProject } from '../projects/linked-project.ts';
import { hasPhotographs, photoSettings } from '../projects/photo-settings.ts';
import { tellAnnotators } from '../projects/tell-annotators.ts';
import type { JobContext } from '../queue/delivery.ts';
import { learnPool, readPool } from '../sources/photo-pool.ts';
import { photographs } from '../sources/photographs.ts';

/** Photographs between two looks at whether to go on. */
const PAGE = 20;

/**
 * Reads the photographs of a project that are not known yet, so that neither a training nor the label stream waits for them, and says which cannot be read.
 * Then has those that are new predicted.
 * @throws DatasetGanError the client's errors, photoSettings's, `cancelled`
 */
export async function readPictures(
  product: PredictionsContext,
  { input, signal, progress }: JobContext<'read'>,
): Promise<JsonObject> {
  const { db } = product.store;
  const { row, connection } = await linkProject(product, input.projectKey, signal);
  if (!hasPhotographs(row)) return { read: 0 };
  const settings = await photoSettings(product.folder, row.extra);
  const source = photographs(product, row, settings);
  const known = await source.knownPictures();
  const tasks = await Array.fromAsync(listTasks(connection, row.ls_id, { fields: source.taskFields, signal }));
  const missing = tasks.filter(({ id }) => !known.has(id));
  let read = 0;
  let done = 0;
  progress(done, missing.length, 'reading photographs');
  for (const page of chunks(missing, PAGE)) {
    read += (await source.picturesOf(page, signal)).pictures.size;
    done += page.length;
    progress(done, missing.length, 'reading photographs');
  }
  const pool = await readPool(product, row, settings, signal);
  if (pool.files.length > 1) await learnPool(product, pool, signal);
  const { current_version: versionId } = row;
  if (read > 0 && versionId !== null) await product.queues.enqueue('refresh', { projectKey: row.key, versionId });
  await tellAnnotators(product, row.key, signal);
  return { read, unread: (await unreadPhotographs(db, row.key)).length };
}
