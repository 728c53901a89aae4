import { createHash } from 'node:crypto';
import { Tensor } from 'onnxruntime-node';
import type { EngineContext } from '../../engine/task.ts';
import { encodeModel } from '../../onnx/encode.ts';
import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Generator } from '../../stylegan/generator.ts';
import { synthesisModel } from '../../stylegan/generator.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { styles } from '../../stylegan/styles.ts';
import { synthesisMemory } from '../../stylegan/synthesis-memory.ts';
import { canonicalJson } from '../canonical-json.ts';
import { RECIPE } from '../recipe.ts';
import type { Projection } from './feature-basis.ts';
import type { FeatureLayout } from './feature-layout.ts';
import { layoutOf } from './generator-layout.ts';
import { bilinearTaps, sampleGraph, type TapSource } from './sample-graph.ts';

/** The generator as the beginning of a graph whose input is `ws` [1, num_ws, w]. */
export async function generatorSource(generator: Generator): Promise<(graph: GraphBuilder) => TapSource> {
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
export async function styleFeed(context: EngineContext, generator: Generator, image: ImageIdentity): Promise<Tensor> {
  const ws = await styles(context, generator, [image]);
  const { wDim } = generator.card;
  return new Tensor('float32', ws, [1, ws.length / wDim, wDim]);
}

/** Names sampled features: whatever decides their values and which pixels they belong to. */
export function featureKey(image: ImageIdentity, layout: FeatureLayout, basis: string, annotation: string, seed: number): string {
  const text = canonicalJson({ recipe: RECIPE, image, layout, basis, annotation, seed });
  return createHash('sha256').update(text).digest('hex');
}

/** Feature vectors [pixels, D] of one image: one synthesis, read at those pixels only. */
export async function sampleFeatures(
  context: EngineContext,
  generator: Generator,
  image: ImageIdentity,
  pixels: Int32Array,
): Promise<Float32Array> {
  const layout = layoutOf(generator);
  const session = await context.session(`sample ${generator.card.id}`, synthesisMemory(generator.card), async () => {
    const source = await generatorSource(generator);
    return encodeModel(sampleGraph(layout, (g) => ({ taps: source(g).taps })));
  });
  const { features } = await session.run(await sampleFeeds(context, generator, image, pixels));
  return features!.data as Float32Array;
}

/** The same pixels in the generator's own coordinates: z [pixels, d] of `projection`. */
export async function sampleProjected(
  context: EngineContext,
  generator: Generator,
  { matrix, centre }: Projection,
  image: ImageIdentity,
  pixels: Int32Array,
): Promise<Float32Array> {
  const layout = layoutOf(generator);
  const directions = centre.length;
  const key = `sample ${generator.card.id} ${directions}`;
  const session = await context.session(key, synthesisMemory(generator.card), async () => {
    const source = await generatorSource(generator);
    return encodeModel(sampleGraph(layout, (g) => ({ taps: source(g).taps }), directions));
  });
  const { projected } = await session.run({
    ...(await sampleFeeds(context, generator, image, pixels)),
    projection: new Tensor('float32', matrix, [layout.dims, directions]),
    offset: new Tensor(
      'float32',
      Float32Array.from(centre, (value) => -value),
      [1, directions],
    ),
  });
  return projected!.data as Float32Array;
}

async function sampleFeeds(
  context: EngineContext,
  generator: Generator,
  image: ImageIdentity,
  pixels: Int32Array,
): Promise<Record<string, Tensor>> {
  const layout = layoutOf(generator);
  const feeds: Record<string, Tensor> = { ws: await styleFeed(context, generator, image) };
  for (const { resolution } of layout.levels) {
    const { at, weight } = bilinearTaps(layout, resolution, pixels);
    feeds[`at.${resolution}`] = new Tensor('int32', at, [at.length]);
    feeds[`weight.${resolution}`] = new Tensor('float32', weight, [4, pixels.length]);
  }
  return feeds;
}
