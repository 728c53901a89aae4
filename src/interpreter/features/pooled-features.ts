import type { EngineContext } from '../../engine/task.ts';
import { RecentlyUsed } from '../recently-used.ts';
import { emphasis, type FeatureBasis, projectionOf } from './feature-basis.ts';
import type { FeatureNetwork } from './feature-network.ts';
import { sampleProjected } from './sample-features.ts';

/** A picture's mean is taken over a grid of this many pixels a side. */
const GRID = 16;
/** Pictures whose mean a worker thread keeps, 1 KB each: one that was asked for once is asked for after each version. */
const kept = new RecentlyUsed<Float32Array>(10_000);

/**
 * Mean of the features on the network's basis over each picture: [pictures, d], one after the other, each direction with the emphasis of a first training.
 * Without the emphasis, distances of pictures say half as much about what to annotate next. One pass through the network a picture, the first time.
 */
export async function pooledFeatures<I>(
  context: EngineContext,
  { network, basis }: { readonly network: FeatureNetwork<I>; readonly basis: FeatureBasis },
  images: readonly I[],
): Promise<{ readonly values: Float32Array; readonly size: number }> {
  const size = basis.directions;
  const values = new Float32Array(images.length * size);
  const weights = emphasis(basis, 1);
  const projection = projectionOf(basis);
  const { width: mapWidth } = network.layout.geometry;
  for (const [i, image] of images.entries()) {
    const mean = await kept.get(`${basis.sha256} ${network.keyOf(image)}`, async () => {
      const pixels = grid(await network.extent(image), mapWidth);
      return meanOf(await sampleProjected(context, network, projection, image, pixels), size);
    });
    values.set(
      mean.map((value, direction) => value * weights[direction]!),
      i * size,
    );
    await context.checkpoint();
  }
  return { values, size };
}

/** Pixels in the middles of GRID · GRID equal fields of the picture, in a label map `mapWidth` wide. */
function grid({ width, height }: { readonly width: number; readonly height: number }, mapWidth: number): Int32Array {
  return Int32Array.from({ length: GRID * GRID }, (_, field) => {
    const [x, y] = [field % GRID, Math.floor(field / GRID)];
    return Math.floor(((y + 0.5) * height) / GRID) * mapWidth + Math.floor(((x + 0.5) * width) / GRID);
  });
}

/** features: [pixels, size] */
function meanOf(features: Float32Array, size: number): Float32Array {
  const mean = new Float32Array(size);
  for (const [at, value] of features.entries()) mean[at % size]! += (value * size) / features.length;
  return mean;
}
