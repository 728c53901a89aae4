import { type EngineContext, engineTask } from '../engine/task.ts';
import { DatasetGanError } from '../errors.ts';
import { learnBasis } from '../interpreter/features/learn-basis.ts';
import { BASIS } from '../interpreter/recipe.ts';
import type { TrainingInput } from '../interpreter/versions/prepare-training.ts';
import { type TrainingFiles, trainHeads } from '../interpreter/versions/train-heads.ts';
import type { TrainingRecord } from '../interpreter/versions/version.ts';
import type { Backbone } from './backbone.ts';
import { withMirrored } from './mirrored.ts';
import { networkOfPhotos, type PhotoFile } from './photo-files.ts';
import type { PhotoIdentity, PhotoView } from './photo-network.ts';

/** All that is known of a version on photographs. */
export interface PhotoVersionRecord extends TrainingRecord<PhotoIdentity>, PhotoView {
  /** Backbone id. */
  readonly backbone: string;
}

/** Label maps are those of the square that photographs are fitted into (labelsInFrame). */
export interface TrainPhotoVersionInput extends TrainingInput<PhotoIdentity>, TrainingFiles {
  readonly backbone: Backbone;
  readonly view: PhotoView;
  /** Every photograph that is annotated, and others like them: the basis is learnt from up to BASIS.pictures of all. */
  readonly files: readonly PhotoFile[];
}

/**
 * Trains a version on photographs and writes its file; the record comes back. Photographs have no seeds: the basis is learnt from the first of them in the
 * order of their hashes, which is as good as a random one, and the same whatever they are called. Progress: TrainProgress.
 * @throws DatasetGanError trainHeads's; `bad-photo` where one cannot be read, or all of them are alike
 */
export async function trainPhotoVersion(input: TrainPhotoVersionInput, context: EngineContext): Promise<PhotoVersionRecord> {
  const { backbone, view, files } = input;
  const network = networkOfPhotos(backbone, view, files);
  const unlabelled = files.toSorted((a, b) => (a.photo < b.photo ? -1 : 1)).slice(0, BASIS.pictures);
  const basis = await learnBasis(
    context,
    network,
    unlabelled.map(({ photo }) => ({ photo })),
    (step, steps) => context.progress({ phase: 'learning the features', step, steps, loss: null }),
  );
  if (basis === null)
    throw new DatasetGanError('bad-photo', 'All photographs are alike: there is nothing to learn from.', {
      fix: 'Give more photographs, labelled or not.',
    });
  const names = { backbone: backbone.card.id, size: view.size, labelSide: view.labelSide };
  const images = await Promise.all(
    input.images.map(async (own) => ({ ...own, shownWidth: (await network.extent(own.image)).width })),
  );
  const learnt = { ...input, images: withMirrored(images, input) };
  return trainHeads(context, learnt, { network, basis, names }, (record) => ({ ...record, ...names }));
}
export const trainPhotoVersionTask = engineTask(import.meta.url, trainPhotoVersion);
