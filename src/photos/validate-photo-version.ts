import { type EngineContext, engineTask } from '../engine/task.ts';
import { type Validation, validateOn } from '../interpreter/versions/validate.ts';
import type { PhotoIdentity } from './photo-network.ts';
import { type PhotoTraining, photoTrainingNetwork } from './train-photo-version.ts';

/**
 * validateOn a backbone. The folds do not learn mirror images: one of a held-out photograph must not be among what was learnt, so the figures are a little
 * below what the version reaches.
 * @throws DatasetGanError photoBasis's, too
 */
export async function validatePhotoVersion(
  input: PhotoTraining,
  context: EngineContext,
): Promise<Validation<PhotoIdentity> | null> {
  return validateOn(input, await photoTrainingNetwork(input, context), context);
}
export const validatePhotoVersionTask = engineTask(import.meta.url, validatePhotoVersion);
