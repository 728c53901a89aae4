import { type EngineContext, engineTask } from '../../engine/task.ts';
import { type GeneratorTraining, networkOfGenerator } from './generator-training.ts';
import { type TrainingFiles, trainHeads } from './train-heads.ts';
import type { VersionRecord } from './version.ts';

export interface TrainVersionInput extends GeneratorTraining, TrainingFiles {}

/**
 * Trains a version on a generator and writes its file; the record comes back. Progress: TrainProgress.
 * @throws DatasetGanError trainHeads's, and basisOf's
 */
export async function trainVersion(input: TrainVersionInput, context: EngineContext): Promise<VersionRecord> {
  const { generator, psi, cutoff, classRule } = input;
  const network = await networkOfGenerator(input, context);
  return trainHeads(context, input, network, (record) => ({ ...record, generator: generator.card.id, psi, cutoff, classRule }));
}
export const trainVersionTask = engineTask(import.meta.url, trainVersion);
