import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type EngineContext, engineTask } from '../../engine/task.ts';
import { DatasetGanError } from '../../errors.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { synthesisMemory } from '../../stylegan/synthesis-memory.ts';
import { fieldOf } from '../../thrown.ts';
import { readTensorFile, writeTensorFile } from '../learning/tensor-file.ts';
import { RecentlyUsed } from '../recently-used.ts';
import { BASIS } from '../recipe.ts';
import { basisOfTensors, basisTensors, type FeatureBasis } from './feature-basis.ts';
import { layoutOf } from './generator-layout.ts';
import { generatorNetwork } from './generator-network.ts';
import { drawnPixels, learnBasis } from './learn-basis.ts';

/** Beside `generator.json`, or in the spare folder of a generator whose own folder cannot be written. */
export const BASIS_FILE = 'basis.safetensors';

/** What systems answer when a folder may not be written. */
const FORBIDDEN: ReadonlySet<unknown> = new Set(['EROFS', 'EACCES', 'EPERM']);

/** Of the generators used last: what this worker thread has read. */
const kept = new RecentlyUsed<FeatureBasis>(4);

/**
 * The basis of a generator, for use in a worker thread: from its folder, or learnt and left there, where it lacks one, has a damaged one, or one that an
 * older recipe made.
 * @throws DatasetGanError `bad-generator` when all its pictures are alike; `cancelled`, `disk-full`; the system's error where neither the folder nor a spare
 * one can be written
 */
export async function basisOf(
  context: EngineContext,
  generator: Generator,
  onPicture?: (done: number, of: number) => void,
): Promise<FeatureBasis> {
  return kept.get(
    generator.card.id,
    async () => (await readBasis(generator)) ?? (await learnAndWrite(context, generator, onPicture)),
  );
}

/** What names a version is known once the generator has its basis. */
export async function ensureBasis(
  { generator }: { readonly generator: Generator },
  context: EngineContext,
): Promise<Pick<FeatureBasis, 'sha256' | 'directions'>> {
  const { sha256, directions } = await basisOf(context, generator, (step, steps) =>
    context.progress({ phase: 'learning the features', step, steps }),
  );
  return { sha256, directions };
}
export const ensureBasisTask = engineTask(import.meta.url, ensureBasis);

/** Peak bytes of `ensureBasisTask`, about: a synthesis, the features of all pixels, and a block of them in double precision. */
export function basisMemory(generator: Generator): number {
  const { dims } = layoutOf(generator);
  return synthesisMemory(generator.card) + 4 * dims * BASIS.pixels * (BASIS.pictures + 6) + 8 * 6 * dims * BASIS.directions;
}

/** Whether a generator has a basis, without a look into it. */
export const hasBasis = (generator: Generator): boolean => placesOf(generator).some((place) => existsSync(place));

/** The basis of a generator that is stored; undefined where there is none, a damaged one, or one that an older recipe made. */
export async function readBasis(generator: Generator): Promise<FeatureBasis | undefined> {
  for (const place of placesOf(generator)) {
    const basis = await readBasisFile(place, generator);
    if (basis !== undefined) return basis;
  }
  return undefined;
}

/** Where its basis may be; a basis is written to the first of them that can be written. */
const placesOf = ({ folder, spareFolder = folder }: Generator) =>
  [join(folder, BASIS_FILE), join(spareFolder, BASIS_FILE)] as const;

async function readBasisFile(place: string, { card }: Generator): Promise<FeatureBasis | undefined> {
  const file = await readTensorFile(place).catch(() => undefined);
  if (file === undefined) return undefined;
  const { generator, recipe } = file.metadata as { generator?: string; recipe?: number };
  return generator === card.id && recipe === BASIS.recipe ? basisOfTensors(file) : undefined;
}

async function learnAndWrite(
  context: EngineContext,
  generator: Generator,
  onPicture: ((done: number, of: number) => void) | undefined,
): Promise<FeatureBasis> {
  const basis = await learnBasis(context, generatorNetwork(generator), picturesToLearnFrom(generator), onPicture);
  if (basis === null)
    throw new DatasetGanError(
      'bad-generator',
      `All pictures of '${generator.card.name}' are alike: there is nothing to learn from.`,
      {
        fix: 'Its training has probably failed. Import another snapshot of it.',
      },
    );
  const metadata = { generator: generator.card.id, recipe: BASIS.recipe };
  const write = (place: string) => writeTensorFile(place, basisTensors(basis), metadata);
  const [own, spare] = placesOf(generator);
  await write(own).catch(async (error: unknown) => {
    if (spare === own || !FORBIDDEN.has(fieldOf(error, 'code'))) throw error;
    await write(spare);
  });
  return basis;
}

/** BASIS.pictures pictures under fixed seeds. */
function picturesToLearnFrom(generator: Generator): ImageIdentity[] {
  const { id, cDim, psi, cutoff } = generator.card;
  const { geometry } = layoutOf(generator);
  return Array.from({ length: BASIS.pictures }, (_, i) => {
    const label = cDim === 0 ? null : drawnPixels(i, geometry).random.below(cDim);
    return { generator: id, seed: BASIS.firstSeed + i, class: label, psi, cutoff };
  });
}
