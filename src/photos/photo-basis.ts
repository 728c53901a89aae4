import { createHash } from 'node:crypto';
import { type EngineContext, engineTask } from '../engine/task.ts';
import { DatasetGanError } from '../errors.ts';
import { basisOfTensors, basisTensors, type FeatureBasis } from '../interpreter/features/feature-basis.ts';
import { learnBasis } from '../interpreter/features/learn-basis.ts';
import { readTensorFile, writeTensorFile } from '../interpreter/learning/tensor-file.ts';
import { RecentlyUsed } from '../interpreter/recently-used.ts';
import { BASIS } from '../interpreter/recipe.ts';
import type { Backbone } from './backbone.ts';
import { networkOfPhotos, type PhotoFile } from './photo-files.ts';
import type { PhotoView } from './photo-network.ts';

/** Photographs as a backbone sees them. */
export interface PhotoPool {
  readonly backbone: Backbone;
  readonly view: PhotoView;
  /** Labelled or not: the basis is learnt from up to BASIS.pictures of them. */
  readonly files: readonly PhotoFile[];
  /** Folder in which bases are kept; left out: it is learnt anew. */
  readonly basisFolder?: string;
}

/** Of the pools used last: what this worker thread has read or learnt. */
const kept = new RecentlyUsed<FeatureBasis>(2);

/**
 * The basis of photographs. They have no seeds: it is learnt from the first of them in the order of their hashes, which is as good as a random choice, and
 * the same whatever they are called. Progress while it is learnt: TrainProgress.
 * @throws DatasetGanError `bad-photo` where one cannot be read, or all of them are alike; `cancelled`, `disk-full`
 */
export async function photoBasis(
  context: EngineContext,
  { backbone, view, files, basisFolder }: PhotoPool,
): Promise<FeatureBasis> {
  const network = networkOfPhotos(backbone, view, files);
  const pool = files.toSorted((a, b) => (a.photo < b.photo ? -1 : 1)).slice(0, BASIS.pictures);
  const name = createHash('sha256')
    .update(JSON.stringify([network.id, BASIS.recipe, pool.map(({ photo }) => photo)]))
    .digest('hex');
  const learn = async () => {
    const images = pool.map(({ photo }) => ({ photo }));
    const basis = await learnBasis(context, network, images, (step, steps) =>
      context.progress({ phase: 'learning the features', step, steps, loss: null }),
    );
    if (basis !== null) return basis;
    throw new DatasetGanError('bad-photo', 'All photographs are alike: there is nothing to learn from.', {
      fix: 'Give more photographs, labelled or not.',
    });
  };
  if (basisFolder === undefined) return learn();
  const file = `${basisFolder}/basis-${name.slice(0, 32)}.safetensors`;
  return kept.get(name, async () => {
    const known = await readBasis(file);
    if (known !== undefined) return known;
    const basis = await learn();
    await writeTensorFile(file, basisTensors(basis), { pool: name });
    return basis;
  });
}

/** What names a version is known once its basis is learnt. */
export async function ensurePhotoBasis(
  pool: PhotoPool,
  context: EngineContext,
): Promise<Pick<FeatureBasis, 'sha256' | 'directions'>> {
  const { sha256, directions } = await photoBasis(context, pool);
  return { sha256, directions };
}
export const ensurePhotoBasisTask = engineTask(import.meta.url, ensurePhotoBasis);

async function readBasis(place: string): Promise<FeatureBasis | undefined> {
  const file = await readTensorFile(place).catch(() => undefined);
  return file === undefined ? undefined : basisOfTensors(file);
}
