import { canonicalJson } from '../../interpreter/canonical-json.ts';
import type { AnnotationSummary } from '../../interpreter/versions/version-id.ts';
import type { MarkedKeypoints } from '../../keypoints/keypoint.ts';
import type { LabelBox } from '../../label-studio/regions/boxes-of-regions.ts';
import type { LabelMap } from '../../masks/label-map.ts';
import type { Project } from '../../store/schema.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import type { Product } from '../product/product.ts';
import { imageOf } from '../projects/linked-project.ts';
import { pictureOf } from '../projects/task-picture.ts';
import type { PulledAnnotations } from './pull-annotations.ts';

/** Versions are named by their inputs; this is the one draw that the product fixes for everyone. */
const TRAINING_SEED = 0;

export interface TrainingImage {
  readonly image: ImageIdentity;
  readonly labelMap: LabelMap;
  readonly boxes: readonly LabelBox[];
  readonly keypoints: MarkedKeypoints | null;
  readonly annotation: AnnotationSummary;
}

/** The annotated pictures, newest annotation first. */
export function trainingImages({ counted }: PulledAnnotations): TrainingImage[] {
  return counted.map(({ meta, counted: annotation, summary }) => {
    const { labelMap, boxes, keypoints } = annotation!;
    return { image: pictureOf(meta!), labelMap, boxes, keypoints, annotation: summary! };
  });
}

/** Settings of a training, in addition to its pictures. */
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
