import { type EngineContext, engineTask } from '../../engine/task.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { Random } from '../learning/random.ts';
import { type GeneratorTraining, networkOfGenerator } from './generator-training.ts';
import { prepareTraining, type TrainingInput, type TrainingNetwork } from './prepare-training.ts';
import { type KeypointValidation, validateKeypoints } from './validate-keypoints.ts';
import { type MaskValidation, validateMasks } from './validate-masks.ts';

/** Leave-images-out figures of a version, as plain JSON. */
export interface Validation<I = ImageIdentity> extends MaskValidation<I> {
  readonly folds: number;
  /** Left out where fewer than two pictures have keypoints. */
  readonly keypoints?: KeypointValidation<I>;
}

export const MOST_FOLDS = 4;

/**
 * How well a version's recipe labels annotated images that it has not seen, and finds their keypoints: at most 4 folds of 2 members for each head, on the
 * features already sampled.
 * A held-out pixel counts for as many annotated pixels as it was drawn from, so the balance of the sample does not show in the figures.
 * Progress: {phase: 'validating', step: folds done, steps: folds}. null where neither head has two images.
 * @throws DatasetGanError `training-refused`, `cancelled`
 */
export async function validateOn<I>(
  input: TrainingInput<I>,
  on: TrainingNetwork<I>,
  context: EngineContext,
): Promise<Validation<I> | null> {
  if (input.images.length < 2) return null;
  const prepared = await prepareTraining(input, on, context, () => undefined);
  const keyOf = (image: I) => on.network.keyOf(image);
  const { masks, keypoints } = prepared;
  const ofMasks = foldsOf(masks?.images.length ?? 0, input.seed);
  const ofKeypoints = foldsOf(keypoints?.images.length ?? 0, input.seed);
  const steps = ofMasks.length + ofKeypoints.length;
  if (steps === 0) return null;
  let step = 0;
  const onFold = () => context.progress({ phase: 'validating', step: ++step, steps });
  const figures = await validateMasks(input, prepared, ofMasks, context, onFold, keyOf);
  const folds = Math.max(ofMasks.length, ofKeypoints.length);
  if (ofKeypoints.length === 0) return { ...figures, folds };
  const ofPoints = await validateKeypoints(input, prepared, keypoints!, ofKeypoints, context, onFold, keyOf);
  return { ...figures, folds, keypoints: ofPoints };
}

/** validateOn a generator. @throws DatasetGanError basisOf's, too */
export async function validate(input: GeneratorTraining, context: EngineContext): Promise<Validation | null> {
  return validateOn(input, await networkOfGenerator(input, context), context);
}
export const validateTask = engineTask(import.meta.url, validate);

/** Images 0 … count - 1 in random order, dealt out to at most 4 folds; none where there are fewer than two. */
function foldsOf(count: number, seed: number): number[][] {
  if (count < 2) return [];
  const order = new Random(seed, 'folds').shuffle(Array.from({ length: count }, (_, image) => image));
  const folds = Math.min(MOST_FOLDS, count);
  return Array.from({ length: folds }, (_, fold) => order.filter((_, place) => place % folds === fold));
}
