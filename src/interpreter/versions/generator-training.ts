import type { EngineContext } from '../../engine/task.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { basisOf } from '../features/basis-file.ts';
import { generatorNetwork } from '../features/generator-network.ts';
import type { TrainingInput, TrainingNetwork } from './prepare-training.ts';
import { generatorNames } from './version-id.ts';

/** A training on pictures of a generator. */
export interface GeneratorTraining extends TrainingInput<ImageIdentity> {
  readonly generator: Generator;
  readonly psi: number;
  readonly cutoff: number | null;
  readonly classRule: string;
}

/** Its generator with its basis, for use in a worker thread. @throws DatasetGanError basisOf's */
export async function networkOfGenerator(
  { generator, psi, cutoff, classRule }: GeneratorTraining,
  context: EngineContext,
): Promise<TrainingNetwork<ImageIdentity>> {
  const basis = await basisOf(context, generator);
  return {
    network: generatorNetwork(generator),
    basis,
    names: generatorNames({ generator: generator.card.id, psi, cutoff, classRule }),
  };
}
