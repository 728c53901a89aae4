import type { LaneName } from '../../engine/engine.ts';
import { type Prediction, predictionMemory, predictTask } from '../../interpreter/inference/predict.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { PRIORITY } from '../engine-tasks/priority.ts';
import type { Inference } from '../product/contexts.ts';
import { localVersion } from '../product/version-file.ts';

export interface PredictOptions {
  readonly lane: LaneName;
  readonly priority: keyof typeof PRIORITY;
  readonly signal?: AbortSignal;
  /** One of many that are requested at once (RunOptions). */
  readonly spread?: boolean;
}

/** Picture, label map and uncertainty of one image by one version. */
export async function predictImage(
  product: Inference,
  generator: Generator,
  version: string,
  image: ImageIdentity,
  options: PredictOptions,
): Promise<Prediction> {
  const { priority, ...run } = options;
  const versionFile = await localVersion(product, version);
  return await product.engine.run(
    predictTask,
    { generator, image, versionFile },
    { ...run, priority: PRIORITY[priority], memory: predictionMemory(generator) },
  );
}
