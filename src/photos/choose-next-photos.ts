import { type EngineContext, engineTask } from '../engine/task.ts';
import { chooseNextOn, type NextChoice } from '../interpreter/inference/choose-next.ts';
import type { PhotoPool } from './photo-basis.ts';
import type { PhotoFile } from './photo-files.ts';
import { photoTrainingNetwork } from './train-photo-version.ts';

/** chooseNextOn a backbone. @throws DatasetGanError photoBasis's */
export async function chooseNextPhotos(
  { candidates, annotated, uncertainty, count, ...pool }: NextChoice<PhotoFile> & PhotoPool,
  context: EngineContext,
): Promise<number[]> {
  const on = await photoTrainingNetwork({ ...pool, annotated: [...candidates, ...annotated] }, context);
  return chooseNextOn({ candidates, annotated, uncertainty, count }, on, context);
}
export const chooseNextPhotosTask = engineTask(import.meta.url, chooseNextPhotos);
