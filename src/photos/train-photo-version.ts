import { type EngineContext, engineTask } from '../engine/task.ts';
import type { FeatureNetwork } from '../interpreter/features/feature-network.ts';
import type { AnnotatedImage, TrainingInput, TrainingNetwork } from '../interpreter/versions/prepare-training.ts';
import { type TrainingFiles, trainHeads } from '../interpreter/versions/train-heads.ts';
import type { TrainingRecord } from '../interpreter/versions/version.ts';
import { planTraining, summariseAnnotation } from '../interpreter/versions/version-id.ts';
import { withMirrored } from './mirrored.ts';
import { type PhotoPool, photoBasis } from './photo-basis.ts';
import { networkOfPhotos, type PhotoFile } from './photo-files.ts';
import type { PhotoIdentity, PhotoView } from './photo-network.ts';

/** All that is known of a version on photographs. */
export interface PhotoVersionRecord extends TrainingRecord<PhotoIdentity>, PhotoView {
  /** Backbone id. */
  readonly backbone: string;
}

/** Label maps are those of the square that photographs are fitted into (labelsInFrame). */
export interface PhotoTraining extends TrainingInput<PhotoIdentity>, PhotoPool {
  /** Annotated photographs that are not in the pool that the basis is learnt from. */
  readonly annotated?: readonly PhotoFile[];
}

export interface TrainPhotoVersionInput extends PhotoTraining, TrainingFiles {}

/**
 * Trains a version on photographs and writes its file; the record comes back. Progress: TrainProgress.
 * @throws DatasetGanError trainHeads's and photoBasis's
 */
export async function trainPhotoVersion(input: TrainPhotoVersionInput, context: EngineContext): Promise<PhotoVersionRecord> {
  const on = await photoTrainingNetwork(input, context);
  const images = await withMirrorImages(input, on.network);
  const names = photoNames(input);
  return trainHeads(context, { ...input, images }, on, (record) => ({ ...record, ...names }));
}
export const trainPhotoVersionTask = engineTask(import.meta.url, trainPhotoVersion);

/** The id of the version that trainPhotoVersion would make. @throws DatasetGanError photoBasis's */
export async function planPhotoVersion(input: PhotoTraining, context: EngineContext): Promise<string> {
  const { network, basis, names } = await photoTrainingNetwork(input, context);
  const images = (await withMirrorImages(input, network)).map(({ image, labelMap, boxes, keypoints }) => ({
    image,
    annotation: summariseAnnotation(labelMap, input.labels.length, boxes),
    keypoints,
  }));
  return planTraining({ ...input, images, basis }, names, (image) => network.keyOf(image)).id;
}
export const planPhotoVersionTask = engineTask(import.meta.url, planPhotoVersion);

/** The backbone with its basis, for use in a worker thread. @throws DatasetGanError photoBasis's */
export async function photoTrainingNetwork(
  input: PhotoPool & Pick<PhotoTraining, 'annotated'>,
  context: EngineContext,
): Promise<TrainingNetwork<PhotoIdentity>> {
  const basis = await photoBasis(context, input);
  const { backbone, view, files, annotated = [] } = input;
  return { network: networkOfPhotos(backbone, view, [...files, ...annotated]), basis, names: photoNames(input) };
}

const photoNames = ({ backbone, view }: Pick<PhotoPool, 'backbone' | 'view'>) => ({
  backbone: backbone.card.id,
  size: view.size,
  labelSide: view.labelSide,
});

async function withMirrorImages(
  { images, labels, keypoints }: PhotoTraining,
  network: FeatureNetwork<PhotoIdentity>,
): Promise<AnnotatedImage<PhotoIdentity>[]> {
  const shown = await Promise.all(images.map(async (own) => ({ ...own, shownWidth: (await network.extent(own.image)).width })));
  return withMirrored(shown, { labels, keypoints });
}
