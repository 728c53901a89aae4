import type { SeedPrediction } from '../../api/answers.ts';
import type { Prediction } from '../../interpreter/inference/predict.ts';
import { requireVersion } from '../../store/versions.ts';
import { encodeLabelMapTask } from '../engine-tasks/encode-png.ts';
import { PRIORITY } from '../engine-tasks/priority.ts';
import type { Inference } from '../product/contexts.ts';
import type { Product } from '../product/product.ts';
import { recordOf } from '../product/version-record.ts';
import { findProject } from '../projects/find-project.ts';
import { generatorOf, imageOf } from '../projects/linked-project.ts';
import { noVersion } from '../projects/no-version.ts';
import { predictImage } from './predict-image.ts';

type Predicting = Inference & Pick<Product, 'generators'>;

/**
 * Index PNG of what the project's current version sees in the picture of a seed.
 * @throws DatasetGanError `no-version`; as findProject
 */
export async function predictionPng(product: Predicting, projectId: string, seed: number): Promise<Uint8Array> {
  const { width, height, labelMap: data } = (await predictSeed(product, projectId, seed)).prediction;
  const codec = { lane: 'codec', priority: PRIORITY.interactive } as const;
  return product.engine.run(encodeLabelMapTask, { width, height, data }, codec);
}

/**
 * The keypoints that the project's current version sees in the picture of a seed, and how certain it is.
 * @throws as predictionPng
 */
export async function predictionFigures(product: Predicting, projectId: string, seed: number): Promise<SeedPrediction> {
  const { version, prediction } = await predictSeed(product, projectId, seed);
  const { width, height, score, keypoints } = prediction;
  const names = recordOf(await requireVersion(product.store.db, version)).keypoints?.names ?? [];
  const named = keypoints.map(({ keypoint, ...point }) => ({ name: names[keypoint]!, ...point }));
  return { version, width, height, score, keypoints: named };
}

async function predictSeed(
  product: Predicting,
  projectId: string,
  seed: number,
): Promise<{ readonly version: string; readonly prediction: Prediction }> {
  const project = await findProject(product.store.db, projectId);
  const generator = await generatorOf(product, project);
  const version = project.current_version;
  if (version === null) throw noVersion(`Project ${projectId}`);
  const image = imageOf(project, generator, seed);
  const options = { lane: 'interactive', priority: 'interactive' } as const;
  return { version, prediction: await predictImage(product, generator, version, image, options) };
}
