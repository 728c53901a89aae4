import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatasetGanError, isError } from '../errors.ts';
import { type GeneratorPlace, removeGenerator, renameGenerator } from '../jobs/generators/generator-folders.ts';
import type { Settings } from '../settings.ts';
import { openStore } from '../store/store.ts';
import type { Generator } from '../stylegan/generator.ts';
import { localClient } from './local-client.ts';
import { type LocalGenerators, withGenerators } from './local-generators.ts';

/** `datasetgan generators [list | show NAME | rename NAME NEW | remove NAME]`. */
export async function generatorsCommand(args: readonly string[]): Promise<number> {
  const [action = 'list', ...names] = args;
  const expected: Readonly<Record<string, number>> = { list: 0, show: 1, rename: 2, remove: 1 };
  if (names.length !== expected[action])
    throw new DatasetGanError('bad-request', `datasetgan generators ${args.join(' ')} is no command.`, {
      fix: 'Use: datasetgan generators list, show NAME, rename NAME NEW or remove NAME.',
    });
  return withGenerators(async (local) => {
    const [name = '', newName = ''] = names;
    if (action === 'list') return list(local);
    if (action === 'show') return show(await local.library.find(name));
    const address = `/api/generators/${encodeURIComponent(name)}`;
    if (action === 'rename') {
      const rename = (place: GeneratorPlace) => renameGenerator(place, name, newName);
      await change(local, rename, () => localClient(local.settings).post(`${address}/rename`, { name: newName }));
      process.stdout.write(`${name} is now ${newName}\n`);
    } else {
      await change(
        local,
        (place) => removeGenerator(place, name),
        () => localClient(local.settings).delete(address),
      );
      process.stdout.write(`${name} is removed\n`);
    }
    return 0;
  });
}

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
