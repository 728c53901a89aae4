import type { LabelConfig } from '../../label-studio/label-config/label-config.ts';
import { predictedRegionsTask } from '../engine-tasks/predicted-regions.ts';
import type { Product } from '../product/product.ts';
import type { PictureSource, SourcePrediction } from '../sources/picture-source.ts';
import type { PredictOptions } from '../sources/predict-image.ts';

export interface PredictedTask extends Pick<SourcePrediction, 'rgb' | 'score' | 'js' | 'areas'> {
  readonly resultJson: string;
  readonly maskSha256: string;
}

/** A prediction as Label Studio takes it: what the version sees in the picture as regions of the project's controls. */
export async function predictRegions<P>(
  product: Pick<Product, 'engine'>,
  what: { source: PictureSource<P>; config: LabelConfig; version: string; picture: P },
  options: PredictOptions,
): Promise<PredictedTask> {
  const { source, config, version, picture } = what;
  const { labelMap: map, keypoints, width, height, ...seen } = await source.predict(version, picture, options);
  const input = { config, version, map, keypoints, width, height };
  const encoded = await product.engine.run(predictedRegionsTask, input, { lane: 'codec', signal: options.signal });
  return { ...seen, ...encoded };
}
