import { Tensor } from 'onnxruntime-node';
import type { EngineContext } from '../../engine/task.ts';
import { encodeModel } from '../../onnx/encode.ts';
import { principalDirections } from '../learning/principal-directions.ts';
import { Random } from '../learning/random.ts';
import { tensorHash } from '../learning/tensor-file.ts';
import { BASIS, DEAD_FEATURE } from '../recipe.ts';
import { basisTensors, type FeatureBasis } from './feature-basis.ts';
import type { FeatureLayout } from './feature-layout.ts';
import type { FeatureNetwork } from './feature-network.ts';
import { sampleFeatures } from './sample-features.ts';
import { spreadGraph } from './spread-graph.ts';

/**
 * A network's basis from unlabelled pixels of some pictures: every feature centred and scaled to the same variance, then the directions of
 * greatest variance. Full variance, because the finest taps vary fifty times less than the coarse ones and are alone in showing small parts; mIoU with
 * 16 annotated: 0.736 when scaled by variance^-1/4, 0.747 by variance^-3/8, 0.758 so.
 * The same bits on the same kind of processor.
 * @param onPicture told how many of how many pictures are done
 * @returns null when all pictures are alike: there is nothing to learn from
 * @throws DatasetGanError `cancelled`
 */
export async function learnBasis<I>(
  context: EngineContext,
  network: FeatureNetwork<I>,
  images: readonly I[],
  onPicture: (done: number, of: number) => void = () => undefined,
): Promise<FeatureBasis | null> {
  const { layout } = network;
  const { dims } = layout;
  const blocks = await unlabelledPixels(context, network, images, onPicture);
  const { mean, scale } = standardisation(blocks, layout);
  const session = await context.session(`spread ${dims}`, 0, () => encodeModel(spreadGraph(dims)));
  const share = 1 / (images.length * BASIS.pixels);
  const row = (values: Float32Array) => new Tensor('float32', values, [1, dims]);
  const found = await principalDirections(
    {
      dims,
      multiply: async (directions, count) => {
        const rows = new Float64Array(count * dims);
        const inner = new Float64Array(count * count);
        const q = new Tensor('float32', Float32Array.from(directions), [count, dims]);
        for (const x of blocks) {
          const out = await session.run({
            x: new Tensor('float32', x, [x.length / dims, dims]),
            mean: row(mean),
            scale: row(scale),
            q,
          });
          addShare(rows, out.rows!.data as Float32Array, share);
          addShare(inner, out.inner!.data as Float32Array, share);
          await context.checkpoint();
        }
        return { rows, inner };
      },
    },
    BASIS.directions,
    BASIS.seed,
  );
  if (found.count === 0) return null;
  const vectors = new Float32Array(dims * found.count);
  for (let i = 0; i < found.count; i++) for (let d = 0; d < dims; d++) vectors[d * found.count + i] = found.rows[i * dims + d]!;
  const basis = { dims, directions: found.count, mean, scale, vectors, variance: Float32Array.from(found.variance) };
  return { ...basis, sha256: tensorHash(basisTensors(basis)) };
}

/** Feature vectors of BASIS.pixels pixels of each picture: blocks [pixels, D]. */
async function unlabelledPixels<I>(
  context: EngineContext,
  network: FeatureNetwork<I>,
  images: readonly I[],
  onPicture: (done: number, of: number) => void,
): Promise<Float32Array[]> {
  const blocks: Float32Array[] = [];
  for (const [i, image] of images.entries()) {
    const { width } = network.layout.geometry;
    const { pixels } = drawnPixels(i, await network.extent(image), width);
    blocks.push(await sampleFeatures(context, network, image, pixels));
    onPicture(i + 1, images.length);
    await context.checkpoint();
  }
  return blocks;
}

/** The pixels that picture i gives, of a label map `mapWidth` wide, and the random numbers that follow them. */
export function drawnPixels(
  i: number,
  { width, height }: { readonly width: number; readonly height: number },
  mapWidth = width,
): { pixels: Int32Array; random: Random } {
  const random = new Random(BASIS.seed, 'basis', 1, i);
  const pixels = Int32Array.from({ length: BASIS.pixels }, () => {
    const place = random.below(width * height);
    return Math.floor(place / width) * mapWidth + (place % width);
  });
  return { pixels, random };
}

/**
 * Mean and scale of each feature, two passes in double precision. The scale makes all features of the same variance, together BASIS.variance; it is
 * 0 where the standard deviation is below 1e-4 of the tap's mean one.
 */
export function standardisation(
  blocks: readonly Float32Array[],
  { dims, levels }: Pick<FeatureLayout, 'dims' | 'levels'>,
): { mean: Float32Array; scale: Float32Array } {
  const mean = new Float64Array(dims);
  const deviation = new Float64Array(dims);
  const rows = blocks.reduce((sum, block) => sum + block.length / dims, 0);
  for (const block of blocks) for (let i = 0; i < block.length; i++) mean[i % dims]! += block[i]! / rows;
  for (const block of blocks)
    for (let i = 0; i < block.length; i++) deviation[i % dims]! += (block[i]! - mean[i % dims]!) ** 2 / rows;
  for (let d = 0; d < dims; d++) deviation[d] = Math.sqrt(deviation[d]!);
  const scale = new Float32Array(dims);
  for (const level of levels) {
    let start = level.offset;
    for (const { channels } of level.taps) {
      const own = deviation.subarray(start, start + channels);
      const least = (DEAD_FEATURE * own.reduce((sum, value) => sum + value, 0)) / channels;
      for (let c = 0; c < channels; c++) scale[start + c] = own[c]! > 0 && own[c]! >= least ? 1 / own[c]! : 0;
      start += channels;
    }
  }
  const live = scale.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
  const share = Math.sqrt(BASIS.variance / live);
  return { mean: Float32Array.from(mean), scale: scale.map((value) => value * share) };
}

function addShare(target: Float64Array, values: Float32Array, share: number): void {
  for (let i = 0; i < target.length; i++) target[i]! += share * values[i]!;
}
