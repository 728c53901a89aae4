import { type EngineContext, engineTask } from '../../engine/task.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { pooledFeatures } from '../features/pooled-features.ts';
import { nextPictures } from './next-pictures.ts';

export interface ChooseNextInput {
  readonly generator: Generator;
  readonly candidates: readonly ImageIdentity[];
  /** JS of each candidate, in nats. */
  readonly uncertainty: readonly number[];
  readonly annotated: readonly ImageIdentity[];
  readonly count: number;
}

/** Which pictures to annotate next, as indices of the candidates, the best first: nextPictures by features pooled over each picture. */
export async function chooseNext(input: ChooseNextInput, context: EngineContext): Promise<number[]> {
  const { generator, candidates, uncertainty, annotated, count } = input;
  const points = (images: readonly ImageIdentity[]) => pooledFeatures(context, generator, images);
  return nextPictures(await points(candidates), uncertainty, await points(annotated), count);
}
export const chooseNextTask = engineTask(import.meta.url, chooseNext);
