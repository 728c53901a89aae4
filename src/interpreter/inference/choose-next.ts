import { type EngineContext, engineTask } from '../../engine/task.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { basisOf } from '../features/basis-file.ts';
import type { FeatureBasis } from '../features/feature-basis.ts';
import type { FeatureNetwork } from '../features/feature-network.ts';
import { generatorNetwork } from '../features/generator-network.ts';
import { pooledFeatures } from '../features/pooled-features.ts';
import { nextPictures } from './next-pictures.ts';

/** Pictures to choose from. */
export interface NextChoice<I> {
  readonly candidates: readonly I[];
  /** JS of each candidate, in nats. */
  readonly uncertainty: readonly number[];
  readonly annotated: readonly I[];
  readonly count: number;
}

/** Which pictures to annotate next, as indices of the candidates, the best first: nextPictures by features pooled over each picture. */
export async function chooseNextOn<I>(
  { candidates, uncertainty, annotated, count }: NextChoice<I>,
  on: { readonly network: FeatureNetwork<I>; readonly basis: FeatureBasis },
  context: EngineContext,
): Promise<number[]> {
  const points = (images: readonly I[]) => pooledFeatures(context, on, images);
  return nextPictures(await points(candidates), uncertainty, await points(annotated), count);
}

/** chooseNextOn a generator. */
export async function chooseNext(
  { generator, ...choice }: NextChoice<ImageIdentity> & { readonly generator: Generator },
  context: EngineContext,
): Promise<number[]> {
  const basis = await basisOf(context, generator);
  return chooseNextOn(choice, { network: generatorNetwork(generator), basis }, context);
}
export const chooseNextTask = engineTask(import.meta.url, chooseNext);
