import type { EngineContext } from '../../engine/task.ts';
import type { Generator } from '../../stylegan/generator.ts';
import { type ImageIdentity, imageKey } from '../../stylegan/image-identity.ts';
import { RecentlyUsed } from '../recently-used.ts';
import { basisOf } from './basis-file.ts';
import { emphasis, projectionOf } from './feature-basis.ts';
import { layoutOf } from './generator-layout.ts';
import { generatorNetwork } from './generator-network.ts';
import { sampleProjected } from './sample-features.ts';

/** A picture's mean is taken over a grid of this many pixels a side. */
const GRID = 16;
/** Pictures whose mean a worker thread keeps, 1 KB each: one that was asked for once is asked for after each version. */
const kept = new RecentlyUsed<Float32Array>(10_000);

/**
 * Mean of the features on the generator's basis over each picture: [pictures, d], one after the other, each direction with the emphasis of a first training.
 * Without the emphasis, distances of pictures say half as much about what to annotate next. One synthesis a picture, the first time.
 */
export async function pooledFeatures(
  context: EngineContext,
  generator: Generator,
  images: readonly ImageIdentity[],
): Promise<{ readonly values: Float32Array; readonly size: number }> {
  const basis = await basisOf(context, generator);
  const size = basis.directions;
  const values = new Float32Array(images.length * size);
  const weights = emphasis(basis, 1);
  const projection = projectionOf(basis);
  const network = generatorNetwork(generator);
  const pixels = grid(generator);
  for (const [i, image] of images.entries()) {
    const mean = await kept.get(`${basis.sha256} ${imageKey(image)}`, async () =>
      meanOf(await sampleProjected(context, network, projection, image, pixels), size),
    );
    values.set(
      mean.map((value, direction) => value * weights[direction]!),
      i * size,
    );
    await context.checkpoint();
  }
  return { values, size };
}

/** Pixels in the middles of GRID · GRID equal fields of the label map. */
function grid(generator: Generator): Int32Array {
  const { width, height } = layoutOf(generator).geometry;
  return Int32Array.from({ length: GRID * GRID }, (_, field) => {
    const [x, y] = [field % GRID, Math.floor(field / GRID)];
    return Math.floor(((y + 0.5) * height) / GRID) * width + Math.floor(((x + 0.5) * width) / GRID);
  });
}

/** features: [pixels, size] */
function meanOf(features: Float32Array, size: number): Float32Array {
  const mean = new Float32Array(size);
  for (const [at, value] of features.entries()) mean[at % size]! += (value * size) / features.length;
  return mean;
}
