import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatasetGanError, isError } from '../../errors.ts';
import type { Blobs } from '../../store/objects/blobs.ts';
import { type Generator, openGenerator, readGeneratorFile } from '../../stylegan/generator.ts';
import { type GeneratorCard, generatorCardSchema } from '../../stylegan/generator-card.ts';
import type { DatasetPlan } from '../../synthesis/dataset-plan.ts';
import { fieldOf } from '../../thrown.ts';
import { writeFolderWhole } from '../../write-whole.ts';
import type { Product } from './product.ts';
import { shareVersion } from './version-file.ts';

/**
 * Generators are made on the disk of one machine. Here they go into a storage that several share, and from there onto the disks of the others, where
 * they are checked before they are used. Where the storage is not shared, there is only one machine and nothing to do.
 */
type Place = Pick<Product, 'storage' | 'blobs' | 'folder' | 'store'>;

/** What systems answer when a folder is to get the name of one that is there. */
const THERE_ALREADY: ReadonlySet<unknown> = new Set(['ENOTEMPTY', 'EEXIST']);

const cardKey = (id: string) => `generators/${id}.json`;

/** Makes a generator readable for every machine. Its card comes last: where it is, all is. */
export async function shareGenerator({ storage, blobs }: Place, generator: Generator): Promise<void> {
  const { card } = generator;
  if (!storage.shared) return;
  const names = fileNames(generator);
  const there = await Promise.all(names.map((name) => blobs.has(card.files[name])));
  if (there.every(Boolean) && (await storage.has(cardKey(card.id)))) return;
  for (const name of names) await blobs.put(await readGeneratorFile(generator, name));
  await storage.put(cardKey(card.id), new TextEncoder().encode(JSON.stringify(card, null, 1)));
}

/**
 * Brings a generator that another machine shared into this machine's folder. False when nobody shared one of that id. It outlives a power cut: a damaged
 * folder would not be fetched again.
 */
export async function fetchGenerator({ storage, blobs, folder }: Place, id: string): Promise<boolean> {
  if (!storage.shared || !/^[0-9a-f]{64}$/.test(id) || !(await storage.has(cardKey(id)))) return false;
  const json = await storage.get(cardKey(id));
  const card = readCard(json, `${cardKey(id)} in the storage (${storage.place})`);
  await writeFolderWhole(join(folder.generators, id), { outlives: 'power-cut' }, async (unfinished) => {
    for (const name of fileNames({ card })) await writeFile(join(unfinished, name), await sharedBlob(blobs, card.files[name]));
    await writeFile(join(unfinished, 'generator.json'), json);
    await openGenerator(unfinished);
  }).catch((thrown: unknown) => {
    // Another process of this machine was faster.
    if (!THERE_ALREADY.has(fieldOf(thrown, 'code'))) throw thrown;
  });
  return true;
}

/** One that is damaged is removed, so that the machine that has the generator shares it again. */
async function sharedBlob(blobs: Blobs, sha256: string): Promise<Uint8Array> {
  try {
    return await blobs.get(sha256);
  } catch (error) {
    if (isError(error, 'corrupt-file')) await blobs.delete(sha256);
    throw error;
  }
}

function readCard(json: Uint8Array, where: string): GeneratorCard {
  try {
    return generatorCardSchema.parse(JSON.parse(new TextDecoder().decode(json)));
  } catch (cause) {
    throw new DatasetGanError('corrupt-file', `${where} is not the card of a generator.`, {
      fix: 'Delete it. The server writes it again with its next order.',
      cause,
    });
  }
}

/** Makes all that a plan's pairs are made of readable for every machine. @throws DatasetGanError localVersion's, the library's */
export async function shareInputs(product: Place & Pick<Product, 'generators'>, plan: DatasetPlan): Promise<void> {
  await shareVersion(product, plan.version);
  await shareGenerator(product, await product.generators.find(plan.generator));
}

const fileNames = ({ card }: Pick<Generator, 'card'>) => Object.keys(card.files) as (keyof Generator['card']['files'])[];
