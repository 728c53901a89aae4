import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedDatabase } from '../../src/store/embedded/embedded-database.ts';
import { prepareFolder } from '../../src/store/embedded/prepare-folder.ts';

const PGLITE = join(import.meta.dirname, '../../node_modules/@electric-sql/pglite/package.json');

/** A new data folder with an empty embedded database, as the product's first start would make it. Whoever asks removes it. */
export async function makeDataFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `datasetgan-${name}-`));
  await addEmptyDatabase(folder);
  return folder;
}

/** Puts an empty embedded database into a data folder. Made once per machine: making one takes 4 s of processor time more than a copy. */
export async function addEmptyDatabase(dataDir: string): Promise<void> {
  await cp(await template(), join(dataDir, 'postgres'), { recursive: true });
}

/** Two test files at once may both make it; the one that ends first is kept. */
async function template(): Promise<string> {
  const { version } = JSON.parse(await readFile(PGLITE, 'utf8')) as { version: string };
  const folder = join(tmpdir(), `datasetgan-test-template-${version}`);
  if (existsSync(join(folder, 'PG_VERSION'))) return folder;
  const own = `${folder}.${randomUUID()}`;
  const onFatal = (error: Error) => {
    throw error;
  };
  await prepareFolder(own, async (unfinished) => {
    await (await EmbeddedDatabase.open({ folder: unfinished, queryTimeout: 60_000, onFatal })).close();
  });
  await rename(own, folder).catch(() => rm(own, { recursive: true }));
  return folder;
}
