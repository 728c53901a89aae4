import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatasetGanError } from '../../errors.ts';
import { makeFolders, PRIVATE } from '../../make-folders.ts';
import { syncTree } from './sync-tree.ts';

/** Major version of the PostgreSQL inside the pinned PGlite. A folder made by another one cannot be read. */
export const EMBEDDED_POSTGRES_MAJOR = '18';

/** Where the embedded database is. */
export const postgresFolder = (dataDir: string) => join(dataDir, 'postgres');

/**
 * Makes sure that a complete database of the right version is in `folder`. A new one is made beside it, synced to the disk file by file,
 * and then renamed, so that being killed in between leaves nothing half made.
 * @param create makes a database in the folder it is given
 * @throws DatasetGanError `data-folder-version`
 */
export async function prepareFolder(folder: string, create: (folder: string) => Promise<void>): Promise<void> {
  if (existsSync(join(folder, 'PG_VERSION'))) {
    const version = (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim();
    if (version === EMBEDDED_POSTGRES_MAJOR) return;
    throw new DatasetGanError(
      'data-folder-version',
      `The database in ${folder} was made by PostgreSQL ${version}; this release reads PostgreSQL ${EMBEDDED_POSTGRES_MAJOR}.`,
      { fix: 'Use the release that made it, or move the folder away to start empty.' },
    );
  }
  const unfinished = `${folder}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await makeFolders(unfinished, PRIVATE);
  await create(unfinished);
  await syncTree(unfinished);
  await rename(unfinished, folder);
  await syncTree(dirname(folder), false);
}
