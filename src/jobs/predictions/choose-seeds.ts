import { inOrder } from '../../in-order.ts';
import { chooseNextTask } from '../../interpreter/inference/choose-next.ts';
import { requireVersion } from '../../store/versions.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { synthesisMemory } from '../../stylegan/synthesis-memory.ts';
import { PRIORITY } from '../engine-tasks/priority.ts';
import type { Inference } from '../product/contexts.ts';
import { recordOf } from '../product/version-record.ts';
import { predictImage } from '../sources/predict-image.ts';

/** Predictions that may wait for the one before them. */
const AHEAD = 2;

/**
 * Which pictures of a pool are worth annotating most, the best first (nextPictures): those of which a version is uncertain, and that are unlike the
 * pictures it learnt from and those that are tasks already. Costs one prediction of each.
 * @param shown pictures that wait for an annotation already
 */
export async function chooseSeeds(
  product: Inference,
  generator: Generator,
  version: string,
  {
    pool,
    shown,
    count,
  }: { readonly pool: readonly ImageIdentity[]; readonly shown: readonly ImageIdentity[]; readonly count: number },
  signal: AbortSignal,
  onPicture: (done: number) => void,
): Promise<ImageIdentity[]> {
  const { images } = recordOf(await requireVersion(product.store.db, version));
  const uncertainty: number[] = [];
  const predicted = inOrder(pool, product.engine.spreadWidth + AHEAD, signal, (image, stop) =>
    predictImage(product, generator, version, image, { lane: 'batch', priority: 'refresh', signal: stop, spread: true }),
  );
  for await (const { js } of predicted) {
    uncertainty.push(js);
    onPicture(uncertainty.length);
  }
  const annotated = [...images.map(({ image }) => image), ...shown];
  const chosen = await product.engine.run(
    chooseNextTask,
    { generator, candidates: pool, uncertainty, annotated, count },
    { lane: 'batch', priority: PRIORITY.refresh, memory: synthesisMemory(generator.card), signal },
  );
  return chosen.map((index) => pool[index]!);
}
