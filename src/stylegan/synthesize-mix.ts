import { type EngineContext, engineTask } from '../engine/task.ts';
import type { Generator } from './generator.ts';
import type { ImageIdentity } from './image-identity.ts';
import type { Picture } from './picture.ts';
import { styles } from './styles.ts';
import { pictureOfStyles } from './synthesize-image.ts';

export interface SynthesizeMixInput {
  readonly generator: Generator;
  readonly image: ImageIdentity;
  /** Seed of the second picture; class, psi and cutoff are those of the first. */
  readonly other: number;
  /** The second one's share, 0 … 1. */
  readonly share: number;
}

/**
 * The picture between two: w = (1 - share) w1 + share w2 in every layer. It has no identity, since no seed makes it: for looking only, never a task.
 * @throws DatasetGanError `bad-request` for an image that this generator cannot make, `corrupt-file`
 */
export async function synthesizeMix(input: SynthesizeMixInput, context: EngineContext): Promise<Picture> {
  const { generator, image, other, share } = input;
  const both = await styles(context, generator, [image, { ...image, seed: other }]);
  const length = both.length / 2;
  const mixed = Float32Array.from({ length }, (_, i) => (1 - share) * both[i]! + share * both[length + i]!);
  return pictureOfStyles(context, generator, mixed);
}
export const synthesizeMixTask = engineTask(import.meta.url, synthesizeMix);
