import { createHash } from 'node:crypto';
import { Tensor } from 'onnxruntime-node';
import type { EngineContext } from '../../engine/task.ts';
import { encodeModel } from '../../onnx/encode.ts';
import { canonicalJson } from '../canonical-json.ts';
import { RECIPE } from '../recipe.ts';
import type { Projection } from './feature-basis.ts';
import type { FeatureLayout } from './feature-layout.ts';
import type { FeatureNetwork } from './feature-network.ts';
import { bilinearTaps, sampleGraph } from './sample-graph.ts';

/** Names sampled features: whatever decides their values and which pixels they belong to. */
export function featureKey(image: unknown, layout: FeatureLayout, basis: string, annotation: string, seed: number): string {
  const text = canonicalJson({ recipe: RECIPE, image, layout, basis, annotation, seed });
  return createHash('sha256').update(text).digest('hex');
}

/** Feature vectors [pixels, D] of one image: one run of the network, read at those pixels only. */
export async function sampleFeatures<I>(
  context: EngineContext,
  network: FeatureNetwork<I>,
  image: I,
  pixels: Int32Array,
): Promise<Float32Array> {
  const { id, layout, memory } = network;
  const session = await context.session(`sample ${id}`, memory, async () => {
    const source = await network.source();
    return encodeModel(sampleGraph(layout, (g) => ({ taps: source(g).taps })));
  });
  const { features } = await session.run(await sampleFeeds(context, network, image, pixels));
  return features!.data as Float32Array;
}

/** The same pixels in the network's own coordinates: z [pixels, d] of `projection`. */
export async function sampleProjected<I>(
  context: EngineContext,
  network: FeatureNetwork<I>,
  { matrix, centre }: Projection,
  image: I,
  pixels: Int32Array,
): Promise<Float32Array> {
  const { id, layout, memory } = network;
  const directions = centre.length;
  const session = await context.session(`sample ${id} ${directions}`, memory, async () => {
    const source = await network.source();
    return encodeModel(sampleGraph(layout, (g) => ({ taps: source(g).taps }), directions));
  });
  const { projected } = await session.run({
    ...(await sampleFeeds(context, network, image, pixels)),
    projection: new Tensor('float32', matrix, [layout.dims, directions]),
    offset: new Tensor(
      'float32',
      Float32Array.from(centre, (value) => -value),
      [1, directions],
    ),
  });
  return projected!.data as Float32Array;
}

async function sampleFeeds<I>(
  context: EngineContext,
  network: FeatureNetwork<I>,
  image: I,
  pixels: Int32Array,
): Promise<Record<string, Tensor>> {
  const { layout } = network;
  const feeds = await network.feeds(context, image);
  for (const { resolution } of layout.levels) {
    const { at, weight } = bilinearTaps(layout, resolution, pixels);
    feeds[`at.${resolution}`] = new Tensor('int32', at, [at.length]);
    feeds[`weight.${resolution}`] = new Tensor('float32', weight, [4, pixels.length]);
  }
  return feeds;
}
