import { join } from 'node:path';
import { type EngineContext, engineTask } from '../../engine/task.ts';
import type { Generator } from '../../stylegan/generator.ts';
import { synthesisMemory } from '../../stylegan/synthesis-memory.ts';
import { readTensorFile, writeTensorFile } from '../learning/tensor-file.ts';
import { RecentlyUsed } from '../recently-used.ts';
import { BASIS } from '../recipe.ts';
import { basisTensors, type FeatureBasis } from './feature-basis.ts';
import { layoutOf } from './generator-layout.ts';
import { learnBasis } from './learn-basis.ts';

/** Beside `generator.json`. */
export const BASIS_FILE = 'basis.safetensors';

/** Of the generators used last: what this worker thread has read. */
const kept = new RecentlyUsed<FeatureBasis>(4);

/**
 * The basis of a generator, for use in a worker thread: from its folder, or learnt and left there, where it lacks one, has a damaged one, or one that an
 * older recipe made.
 * @throws DatasetGanError learnBasis's; `disk-full`
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

/** The basis in a generator's folder; undefined where there is none, a damaged one, or one that an older recipe made. */
export async function readBasis({ folder, card }: Generator): Promise<FeatureBasis | undefined> {
  const file = await readTensorFile(join(folder, BASIS_FILE)).catch(() => undefined);
  if (file === undefined) return undefined;
  const { generator, recipe } = file.metadata as { generator?: string; recipe?: number };
  const [mean, scale, vectors, variance] = ['mean', 'scale', 'vectors', 'variance'].map((name) => file.tensors.get(name)?.data);
  if (generator !== card.id || recipe !== BASIS.recipe || !mean || !scale || !vectors || !variance) return undefined;
  return { sha256: file.sha256, dims: mean.length, directions: variance.length, mean, scale, vectors, variance };
}

async function learnAndWrite(
  context: EngineContext,
  generator: Generator,
  onPicture: ((done: number, of: number) => void) | undefined,
): Promise<FeatureBasis> {
  const basis = await learnBasis(context, generator, onPicture);
  const metadata = { generator: generator.card.id, recipe: BASIS.recipe };
  await writeTensorFile(join(generator.folder, BASIS_FILE), basisTensors(basis), metadata);
  return basis;
}
