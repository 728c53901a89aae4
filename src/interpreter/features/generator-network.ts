import { Tensor } from 'onnxruntime-node';
import type { EngineContext } from '../../engine/task.ts';
import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Generator } from '../../stylegan/generator.ts';
import { synthesisModel } from '../../stylegan/generator.ts';
import { type ImageIdentity, imageKey } from '../../stylegan/image-identity.ts';
import { styles } from '../../stylegan/styles.ts';
import { synthesisMemory } from '../../stylegan/synthesis-memory.ts';
import type { FeatureNetwork } from './feature-network.ts';
import { layoutOf } from './generator-layout.ts';
import type { TapSource } from './sample-graph.ts';

/** A StyleGAN as the interpreter sees it: its graphs have an `image`, too. */
export function generatorNetwork(generator: Generator): FeatureNetwork<ImageIdentity> {
  const { card } = generator;
  const layout = layoutOf(generator);
  const { width, height } = layout.geometry;
  return {
    id: card.id,
    layout,
    memory: synthesisMemory(card),
    source: () => generatorSource(generator),
    feeds: async (context, image) => ({ ws: await styleFeed(context, generator, image) }),
    extent: () => Promise.resolve({ width, height }),
    keyOf: imageKey,
    nameOf: ({ seed }) => `Seed ${seed}`,
  };
}

/** The generator as the beginning of a graph whose input is `ws` [1, num_ws, w]. */
async function generatorSource(generator: Generator): Promise<(graph: GraphBuilder) => TapSource> {
  const { graph: synthesis } = await synthesisModel(generator);
  return (g) => {
    const input = synthesis.inputs[0]!;
    g.input('ws', input.type, [1, ...(input.shape ?? []).slice(1)]);
    const outputs = g.inline(synthesis, 'g.', { [input.name]: 'ws' });
    const taps = generator.card.taps.map(({ name }) => [name, outputs.get(`tap.${name}`)!] as const);
    return { image: outputs.get('image')!, taps: new Map(taps) };
  };
}

/** Style vectors of one image as the input `ws`. */
async function styleFeed(context: EngineContext, generator: Generator, image: ImageIdentity): Promise<Tensor> {
  const ws = await styles(context, generator, [image]);
  const { wDim } = generator.card;
  return new Tensor('float32', ws, [1, ws.length / wDim, wDim]);
}
