import { type EngineContext, engineTask } from '../../engine/task.ts';
import { DatasetGanError } from '../../errors.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { toPicture } from '../../stylegan/picture.ts';
import { generatorNetwork } from '../features/generator-network.ts';
import { loadVersion } from '../versions/version.ts';
import type { HeadPlans } from './inference-graph.ts';
import { inferenceMemory, type LabelledPicture, labelPicture } from './label-picture.ts';

export interface PredictInput {
  readonly generator: Generator;
  readonly image: ImageIdentity;
  readonly versionFile: string;
  /** Also give the divergence of every pixel. */
  readonly wantJsMap?: boolean;
  /** Pixels whose divergence (nats) is greater are UNLABELLED in the label map; left out: none. Image uncertainty is of all pixels. */
  readonly ignoreAbove?: number;
}

export interface Prediction extends Omit<LabelledPicture, 'jsMap'> {
  /** The picture, which a generator labelled below its resolution makes greater than its label map. */
  readonly pictureWidth: number;
  readonly pictureHeight: number;
  /** Row-major, three bytes a pixel. */
  readonly rgb: Uint8Array;
  readonly jsMap?: Float32Array;
}

/**
 * Image, labels, keypoints and uncertainty of one generated picture by one version, in one session run.
 * @throws DatasetGanError `version-lost`; `unknown-version` when the version belongs to another generator
 */
export async function predict(input: PredictInput, context: EngineContext): Promise<Prediction> {
  const { generator, image } = input;
  const version = await loadVersion(input.versionFile);
  const { record } = version;
  if (record.generator !== generator.card.id)
    throw new DatasetGanError('unknown-version', `Version ${record.id} was trained for another generator.`, {
      fix: 'Use a version of this project.',
    });
  const network = generatorNetwork(generator);
  const { outputs, jsMap, labelMap, ...seen } = await labelPicture(context, network, image, version, input.ignoreAbove);
  const picture = toPicture(outputs.image!.data as Float32Array, generator.card);
  return {
    ...seen,
    pictureWidth: picture.width,
    pictureHeight: picture.height,
    rgb: context.transfer(picture.rgb),
    labelMap: context.transfer(labelMap),
    ...(input.wantJsMap === true ? { jsMap: context.transfer(jsMap) } : {}),
  };
}
export const predictTask = engineTask(import.meta.url, predict);

/** inferenceMemory of `predictTask`. */
export function predictionMemory(generator: Generator, heads?: HeadPlans): number {
  return inferenceMemory(generatorNetwork(generator), heads);
}
