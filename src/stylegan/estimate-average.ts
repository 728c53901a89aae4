import { Tensor } from 'onnxruntime-node';
import type { EngineContext } from '../engine/task.ts';
import { encodeModel } from '../onnx/encode.ts';
import type { GeneratorGraphs } from './graph/generator-graphs.ts';
import { latent } from './latent.ts';
import type { FloatTensor } from './tensor-map.ts';

/** Latents that a missing average is estimated from. */
export const AVERAGED = 4096;
const BATCH = 64;

/**
 * The mean of w over 4,096 latents, the stream of numpy's `RandomState(0).randn`; classes take turns. For checkpoints that do not store it, as
 * those of rosinality's training. In float64, rounded once.
 */
export async function estimateAverage(context: EngineContext, graphs: GeneratorGraphs): Promise<FloatTensor> {
  const { zDim, cDim, wDim, numWs, mapping } = graphs;
  const bytes = encodeModel(mapping);
  const session = await context.session(`average ${crypto.randomUUID()}`, 4 * bytes.length, () => bytes);
  const z = Float32Array.from(latent(0, AVERAGED * zDim));
  const sum = new Float64Array(wDim);
  for (let start = 0; start < AVERAGED; start += BATCH) {
    const feeds: Record<string, Tensor> = {
      z: new Tensor('float32', z.subarray(start * zDim, (start + BATCH) * zDim), [BATCH, zDim]),
      psi: new Tensor('float32', new Float32Array(numWs).fill(1), [numWs]),
    };
    if (cDim > 0) {
      const c = new Float32Array(BATCH * cDim);
      for (let i = 0; i < BATCH; i++) c[i * cDim + ((start + i) % cDim)] = 1;
      feeds.c = new Tensor('float32', c, [BATCH, cDim]);
    }
    const ws = (await session.run(feeds)).ws!.data as Float32Array;
    for (let i = 0; i < BATCH; i++) for (let j = 0; j < wDim; j++) sum[j]! += ws[i * numWs * wDim + j]!;
    await context.checkpoint();
  }
  return { dims: [wDim], data: Float32Array.from(sum, (value) => value / AVERAGED) };
}
