import { encodeLabelMapTask } from '../engine-tasks/encode-png.ts';
import { PRIORITY } from '../engine-tasks/priority.ts';
import type { Inference } from '../product/contexts.ts';
import type { Product } from '../product/product.ts';
import { findProject } from '../projects/find-project.ts';
import { generatorOf, imageOf } from '../projects/linked-project.ts';
import { noVersion } from '../projects/no-version.ts';
import { predictImage } from './predict-image.ts';

/**
 * Index PNG of what the project's current version sees in the picture of a seed.
 * @throws DatasetGanError `no-version`; as findProject
 */
export async function predictionPng(
  product: Inference & Pick<Product, 'generators'>,
  projectId: string,
  seed: number,
): Promise<Uint8Array> {
  const project = await findProject(product.store.db, projectId);
  const generator = await generatorOf(product, project);
  if (project.current_version === null) throw noVersion(`Project ${projectId}`);
  const { width, height, labelMap } = await predictImage(
    product,
    generator,
    project.current_version,
    imageOf(project, generator, seed),
    { lane: 'interactive', priority: 'interactive' },
  );
  const codec = { lane: 'codec', priority: PRIORITY.interactive } as const;
  return product.engine.run(encodeLabelMapTask, { width, height, data: labelMap }, codec);
}
