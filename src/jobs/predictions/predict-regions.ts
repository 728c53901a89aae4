import type { LabelConfig } from '../../label-studio/label-config/label-config.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { pictureSize } from '../../stylegan/picture.ts';
import { predictedRegionsTask } from '../engine-tasks/predicted-regions.ts';
import type { Inference } from '../product/contexts.ts';
import { type PredictOptions, predictImage } from './predict-image.ts';

export interface PredictedTask {
  /** Interleaved RGB of the picture. */
  readonly rgb: Uint8Array;
  readonly resultJson: string;
  readonly maskSha256: string;
  readonly score: number;
  readonly js: number;
  /** Pixels of each label, by label index. */
  readonly areas: readonly number[];
}

/** A prediction as Label Studio takes it: what the version sees in the picture as regions of the project's controls. */
export async function predictRegions(
  product: Inference,
  what: { generator: Generator; config: LabelConfig; version: string; image: ImageIdentity },
  options: PredictOptions,
): Promise<PredictedTask> {
  const { generator, config, version, image } = what;
  const { rgb, width, height, labelMap, keypoints, score, js, areas } = await predictImage(
    product,
    generator,
    version,
    image,
    options,
  );
  const input = { config, version, map: { width, height, data: labelMap }, keypoints, ...pictureSize(generator.card) };
  const encoded = await product.engine.run(predictedRegionsTask, input, { lane: 'codec', signal: options.signal });
  return { rgb, score, js, areas, ...encoded };
}
