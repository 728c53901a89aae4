import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { requireDiskFree } from '../disk-free.ts';
import type { EmbeddedDatabase } from '../embedded/embedded-database.ts';

/** Beside the database, where there is room for another. Begins with a dot: no part of any backup. */
const COPY = '.backup-';

/**
 * The files of the running embedded database as they are at one moment: nobody else has a turn while they are copied, so that opening the copy is
 * as opening the database after its process was killed.
 * @returns the copy's folder, and what removes it
 * @throws DatasetGanError `disk-full`
 */
export async function copyDatabase(
  database: EmbeddedDatabase,
  dataDir: string,
): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  await requireDiskFree(dataDir);
  const folder = await mkdtemp(join(dataDir, COPY));
  const remove = () => rm(folder, { recursive: true, force: true });
  const session = await database.session();
  try {
    // The log since then is what the copy's first start has to do again.
    await session.exec('CHECKPOINT');
    await cp(database.folder, folder, { recursive: true });
    return { folder, remove };
  } catch (error) {
    await remove();
    throw error;
  } finally {
    session.release();
  }
}
