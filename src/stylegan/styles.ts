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
  const { id, zDim, cDim, wDim, numWs } = generator.card;
  const session = await context.session(`mapping ${id}`, MAPPING_MEMORY, () => readGeneratorFile(generator, 'mapping.onnx'));
  const ws = new Float32Array(images.length * numWs * wDim);
  for (const [i, image] of images.entries()) {
    checkImage(image, generator.card);
    const feeds: Record<string, Tensor> = {
      z: new Tensor('float32', Float32Array.from(latent(image.seed, zDim)), [1, zDim]),
      psi: new Tensor('float32', truncation(image, numWs), [numWs]),
    };
    if (image.class !== null) feeds.c = new Tensor('float32', oneHot(image.class, cDim), [1, cDim]);
    const outputs = await session.run(feeds);
    ws.set(outputs.ws!.data as Float32Array, i * numWs * wDim);
  }
  return ws;
}

/** psi of each layer, [num_ws]: psi for l < cutoff, else 1. */
function truncation({ psi, cutoff }: ImageIdentity, numWs: number): Float32Array {
  return new Float32Array(numWs).fill(1).fill(psi, 0, cutoff ?? numWs);
}

function oneHot(index: number, length: number): Float32Array {
  const out = new Float32Array(length);
  out[index] = 1;
  return out;
}
