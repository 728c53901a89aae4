import { canonicalJson } from '../../interpreter/canonical-json.ts';
import type { Project } from '../../store/schema.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { Product } from '../product/product.ts';
import { imageOf } from '../projects/linked-project.ts';

/** Versions are named by their inputs; this is the one draw that the product fixes for everyone. */
export const TRAINING_SEED = 0;

/** Settings of a training on a generator, in addition to its pictures. */
export function trainingOptions(
  product: Pick<Product, 'settings' | 'training'>,
  project: Pick<Project, 'psi' | 'cutoff' | 'class_rule'>,
  generator: Generator,
  labels: readonly string[],
  keypoints: readonly string[],
) {
  const { psi, cutoff } = imageOf(project, generator, 0);
  const { training: settings } = product;
  const { trainMemory } = product.settings;
  const classRule = project.class_rule === null ? 'none' : canonicalJson(project.class_rule);
  return { psi, cutoff, classRule, labels, keypoints, settings, seed: TRAINING_SEED, trainMemory };
}
