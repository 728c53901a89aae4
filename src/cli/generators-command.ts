import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isError } from '../errors.ts';
import { type GeneratorPlace, removeGenerator, renameGenerator } from '../jobs/generators/generator-folders.ts';
import type { Settings } from '../settings.ts';
import { openStore } from '../store/store.ts';
import type { Generator } from '../stylegan/generator.ts';
import { localClient } from './local-client.ts';
import { type LocalGenerators, withGenerators } from './local-generators.ts';

/** `datasetgan generators [list | show NAME | rename NAME NEW | remove NAME]`. */

export function listGenerators(): Promise<number> {
  return withGenerators(list);
}

export function showGenerator(name: string): Promise<number> {
  return withGenerators(async ({ library }) => show(await library.find(name)));
}

export function renameOne(name: string, newName: string): Promise<number> {
  return withGenerators(async (local) => {
    await change(
      local,
      (place) => renameGenerator(place, name, newName),
      () => localClient(local.settings).post(`${pathOf(name)}/rename`, { name: newName }),
    );
    process.stdout.write(`${name} is now ${newName}\n`);
    return 0;
  });
}

export function removeOne(name: string): Promise<number> {
  return withGenerators(async (local) => {
    await change(
      local,
      (place) => removeGenerator(place, name),
      () => localClient(local.settings).delete(pathOf(name)),
    );
    process.stdout.write(`${name} is removed\n`);
    return 0;
  });
}

const pathOf = (name: string) => `/api/generators/${encodeURIComponent(name)}`;

async function list({ library }: LocalGenerators): Promise<number> {
  const { generators, problems } = await library.list();
  for (const { card } of generators) {
    const dims = card.taps.reduce((sum, { channels }) => sum + channels, 0);
    process.stdout.write(`${card.name}  ${card.family}  ${card.resolution} px  ${dims} features  ${card.licence}\n`);
  }
  for (const { folder, error } of problems) process.stderr.write(`${folder}: ${error.message}\n`);
  return problems.length === 0 ? 0 : 1;
}

/** The card without its long arrays, and the report of the import where there is one. */
async function show({ card, folder }: Generator): Promise<number> {
  const { wAvg: _, taps, ...shown } = card;
  const report: unknown = await readFile(join(folder, 'report.json'), 'utf8').then(JSON.parse, () => null);
  const layers = taps.map(({ name, channels, resolution }) => `${name} [${channels}, ${resolution}, ${resolution}]`);
  process.stdout.write(`${JSON.stringify({ ...shown, taps: layers, folder, report }, null, 2)}\n`);
  return 0;
}

/** Does it here, or, when a server has the data folder, through that server. */
async function change(
  { settings, library, folder }: LocalGenerators,
  here: (place: GeneratorPlace) => Promise<unknown>,
  there: () => Promise<unknown>,
): Promise<void> {
  const store = await openUnlessServed(settings);
  if (store === undefined) {
    await there();
    return;
  }
  try {
    await here({ db: store.db, library, generators: folder });
  } finally {
    await store.close();
  }
}

async function openUnlessServed({ dataDir, databaseUrl }: Settings) {
  try {
    return await openStore({ dataDir, ...(databaseUrl === null ? {} : { databaseUrl }) });
  } catch (error) {
    if (isError(error, 'data-folder-locked')) return undefined;
    throw error;
  }
}
