import type { HeadTraining } from '../interpreter/versions/train-heads.ts';
import type { Backbone } from '../photos/backbone.ts';
import type { PhotoView } from '../photos/photo-network.ts';
import type { LabelledFile } from './labelled-file.ts';
import type { Augmentation } from './student-recipe.ts';

/** What a student learns from, and how. Plain data: it is structured-cloned into worker threads. */
export interface StudentTraining extends HeadTraining {
  readonly backbone: Backbone;
  readonly view: PhotoView;
  /** Synthesized pairs. Their order counts: it is part of what names the student. */
  readonly pairs: readonly LabelledFile[];
  /** Annotated photographs, each learnt in many views; may be empty. */
  readonly photographs: readonly LabelledFile[];
  /** What the pairs are of, such as the id of a dataset. */
  readonly source: string;
  readonly augmentation: Augmentation;
  /** Bytes of the training matrix (TRAIN_MEMORY). */
  readonly trainMemory: number;
  /** Of this training alone: sampled features are kept here until it ends. An interrupted training finds them again. */
  readonly cacheFolder: string;
}
