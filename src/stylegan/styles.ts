import { Tensor } from 'onnxruntime-node';
import type { EngineContext } from '../engine/task.ts';
import { type Generator, readGeneratorFile } from './generator.ts';
import { checkImage, type ImageIdentity } from './image-identity.ts';
import { latent } from './latent.ts';

/** Bytes that the mapping network needs, about. */
const MAPPING_MEMORY = 64e6;

/**
 * Style vectors ws [N, num_ws, w] of N images, for use in a worker thread: seed → z → mapping network → truncation.
 * Images go through one by one, so that a picture does not depend on its neighbours' rounding.
 * @throws DatasetGanError `bad-request` for an image that this generator cannot make, `corrupt-file`
 */
export async function styles(
  context: EngineContext,
  generator: Generator,
  images: readonly ImageIdentity[],
): Promise<Float32Array> {
  const { zDim, cDim, wDim, numWs } = generator.card;
  const ws = new Float32Array(images.length * numWs * wDim);
  for (const [i, image] of images.entries()) {
    checkImage(image, generator.card);
    const z = Float32Array.from(latent(image.seed, zDim));
    const c = image.class === null ? undefined : oneHot(image.class, cDim);
    ws.set(await stylesOfLatent(context, generator, { z, c, psi: image.psi, cutoff: image.cutoff }), i * numWs * wDim);
  }
  return ws;
}

/** What the mapping network takes: z [zDim], c [cDim] where there are classes, and the truncation. */
export interface LatentInput extends Pick<ImageIdentity, 'psi' | 'cutoff'> {
  readonly z: Float32Array;
  readonly c: Float32Array | undefined;
}

/** Style vectors [num_ws, w] of one latent. */
export async function stylesOfLatent(
  context: EngineContext,
  generator: Generator,
  { z, c, psi, cutoff }: LatentInput,
): Promise<Float32Array> {
  const { id, numWs } = generator.card;
  const session = await context.session(`mapping ${id}`, MAPPING_MEMORY, () => readGeneratorFile(generator, 'mapping.onnx'));
  const truncation = new Float32Array(numWs).fill(1).fill(psi, 0, cutoff ?? numWs);
  const feeds: Record<string, Tensor> = {
    z: new Tensor('float32', z, [1, z.length]),
    psi: new Tensor('float32', truncation, [numWs]),
  };
  if (c !== undefined) feeds.c = new Tensor('float32', c, [1, c.length]);
  return (await session.run(feeds)).ws!.data as Float32Array;
}

function oneHot(index: number, length: number): Float32Array {
  const out = new Float32Array(length);
  out[index] = 1;
  return out;
}
