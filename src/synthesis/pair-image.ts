import { classOfSeed } from '../stylegan/class-rule.ts';
import type { GeneratorCard } from '../stylegan/generator-card.ts';
import type { ImageIdentity } from '../stylegan/image-identity.ts';
import type { DatasetPlan } from './dataset-plan.ts';

/**
 * The picture of a seed in a dataset.
 * @throws DatasetGanError `bad-request` when the plan's class rule does not fit the generator
 */
export function pairImage(
  { generator, psi, cutoff, classes }: Pick<DatasetPlan, 'generator' | 'psi' | 'cutoff' | 'classes'>,
  card: Pick<GeneratorCard, 'name' | 'cDim'>,
  seed: number,
): ImageIdentity {
  return { generator, seed, class: classOfSeed(classes ?? null, card, seed), psi, cutoff };
}
