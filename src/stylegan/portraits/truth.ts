import { type EngineContext, engineTask } from '../../engine/task.ts';
import { DatasetGanError } from '../../errors.ts';
import type { ImageIdentity } from '../image-identity.ts';
import type { Keypoint } from './keypoints.ts';
import { renderPortrait } from './render.ts';

/** Generator id of portraits-256, the one generator whose pictures have a truth. */
export const PORTRAITS_ID = 'ca40859197ed4b755e5e0cc4a486d6ba54b44dfe3a0cca146fa102e19ee1277b';

/** What is exactly known of a picture: indices into PARTS, row-major, and keypoints in pixels. */
export interface Truth {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  readonly keypoints: readonly Keypoint[];
}

/** Whether its exact parts and keypoints are known: the renderer knows no truncation. */
export const hasTruth = ({ generator, psi }: Pick<ImageIdentity, 'generator' | 'psi'>): boolean =>
  generator === PORTRAITS_ID && psi === 1;

/**
 * The exact parts and keypoints of a picture of portraits-256.
 * @throws DatasetGanError `no-truth` for another generator, or where psi is not 1: the renderer knows no truncation
 */
export function truth({ generator, seed, psi }: ImageIdentity): Truth {
  if (generator !== PORTRAITS_ID)
    throw new DatasetGanError('no-truth', 'Ground truth exists only for pictures of portraits-256.', {
      fix: 'Use the bundled generator portraits-256.',
    });
  if (psi !== 1)
    throw new DatasetGanError('no-truth', `Ground truth exists only at psi 1, not at psi ${psi}.`, {
      fix: 'Omit psi, or use 1.',
    });
  const { mask, keypoints } = renderPortrait(seed);
  return { ...mask, keypoints };
}

/** `truth` in a worker thread (the codec lane: it needs no ONNX Runtime). */
export function renderTruth(image: ImageIdentity, context: EngineContext): Truth {
  const result = truth(image);
  context.transfer(result.data);
  return result;
}
export const truthTask = engineTask(import.meta.url, renderTruth);
