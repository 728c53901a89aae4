import { predictionMemory } from '../../../interpreter/inference/predict.ts';
import type { Generator } from '../../../stylegan/generator.ts';
import type { DatasetPlan } from '../../../synthesis/dataset-plan.ts';
import { pairImage } from '../../../synthesis/pair-image.ts';
import { type PredictedPair, predictPairTask } from '../../engine-tasks/predict-pair.ts';
import { PRIORITY } from '../../engine-tasks/priority.ts';
import type { Inference } from '../../product/contexts.ts';
import { localVersion } from '../../product/version-file.ts';

/** Picture, mask and measures of a plan's candidate: all that is known of it before it is stored. */
export async function predictCandidate(
  product: Inference,
  generator: Generator,
  plan: DatasetPlan,
  seed: number,
  signal: AbortSignal,
): Promise<PredictedPair> {
  const { rules, ignoreAbove } = plan;
  const input = {
    generator,
    image: pairImage(plan, generator.card, seed),
    versionFile: await localVersion(product, plan.version),
    ...(rules === undefined ? {} : { rules }),
    ...(ignoreAbove === undefined ? {} : { ignoreAbove }),
  };
  const memory = predictionMemory(generator);
  const run = { lane: 'batch', priority: PRIORITY.synthesize, memory, signal, spread: true } as const;
  return await product.engine.run(predictPairTask, input, run);
}
