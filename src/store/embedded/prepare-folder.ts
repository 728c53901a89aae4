import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatasetGanError } from '../../errors.ts';
import { PRIVATE } from '../../make-folders.ts';
import { writeFolderWhole } from '../../write-whole.ts';

/** Major version of the PostgreSQL inside the pinned PGlite. A folder made by another one cannot be read. */
export const EMBEDDED_POSTGRES_MAJOR = '18';

/** Where the embedded database is. */
export const postgresFolder = (dataDir: string) => join(dataDir, 'postgres');

/**
 * Makes sure that a complete database of the right version is in `folder`. A new one is made beside it, so that being killed in
 * between leaves nothing half made, and outlives a power cut as all that is committed to it does.
 * @param create makes a database in the folder it is given
 * @throws DatasetGanError `data-folder-version`
 */
export async function prepareFolder(folder: string, create: (folder: string) => Promise<void>): Promise<void> {
  if (existsSync(join(folder, 'PG_VERSION'))) {
    const version = (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim();
    if (version === EMBEDDED_POSTGRES_MAJOR) return;
    throw new DatasetGanError(
      'data-folder-version',
      `The database in ${folder} needs PostgreSQL ${version}, but this release has PostgreSQL ${EMBEDDED_POSTGRES_MAJOR}.`,
      { fix: 'Use the release that created it. Or move the folder to start empty.' },
    );
  }
  await writeFolderWhole(folder, { outlives: 'power-cut', mode: PRIVATE, unfinished: `${folder}.new` }, create);
}
