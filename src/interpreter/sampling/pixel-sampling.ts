import { Random } from '../learning/random.ts';
import { MOST_REGIONS } from '../recipe.ts';
import { type AnnotatedMap, isSparse, UNLABELLED } from './annotation.ts';
import { labelledRegions } from './regions.ts';
import { spreadPixels } from './spread-pixels.ts';

/** The pixels of one picture to train on, best first: any prefix of at least `regions` pixels is a sample by the same rules. */
export interface PixelOrder {
  /** Flat positions y·width + x. */
  readonly pixels: Int32Array;
  /** Labelled regions, 2,000 at most; each has its own pixel among the first `regions`. */
  readonly regions: number;
}

/** Pixels that a budget of `most` takes from a picture with `labelled` labelled ones. */
export function pixelsWithin(most: number, regions: number, labelled: number): number {
  return Math.min(Math.max(most, regions), labelled);
}

/**
 * Chooses up to `most` labelled pixels: first one of every region (DatasetGAN, section 3.3), then the classes in turn, a random unused
 * pixel each until the class has none left. Of strokes it is not a random one: each class's pixels come spread over its strokes.
 *
 * Boundaries come as often as they are: drawing more of them made the great classes win there (the predicted area of noses fell to half).
 * @param stream names this picture's draws, so that a picture keeps its pixels whatever is annotated beside it.
 */
export function orderPixels(map: AnnotatedMap, most: number, seed: number, stream: readonly [number, number]): PixelOrder {
  const random = new Random(seed, 'pixels', ...stream);
  const everywhere = random.shuffle(labelledPixels(map));
  const { count, region } = labelledRegions(map);
  const regions = Math.min(count, MOST_REGIONS);

  const chosen = new Int32Array(pixelsWithin(most, regions, everywhere.length));
  const used = new Uint8Array(map.data.length);
  let length = 0;
  const choose = (pixel: number): void => {
    used[pixel] = 1;
    chosen[length++] = pixel;
  };

  const seen = new Uint8Array(count);
  for (const pixel of everywhere) {
    if (length === regions) break;
    if (seen[region[pixel]!] === 1) continue;
    seen[region[pixel]!] = 1;
    choose(pixel);
  }

  let queues = classQueues(map, everywhere, random);
  while (length < chosen.length && queues.length > 0) {
    queues = queues.filter((queue) => {
      const pixel = nextUnused(queue, used);
      if (pixel === undefined) return false;
      if (length < chosen.length) choose(pixel);
      return true;
    });
  }
  return { pixels: chosen.subarray(0, length), regions };
}

interface PixelQueue {
  readonly pixels: Int32Array;
  at: number;
}

/** The pixels of each class, in the order in which they were shuffled; those of strokes spread over them. */
function classQueues(map: AnnotatedMap, everywhere: Int32Array, random: Random): PixelQueue[] {
  const classes = [...new Set(map.data)].filter((label) => label !== UNLABELLED).sort((a, b) => a - b);
  const sparse = isSparse(map);
  return classes.map((label) => {
    const pixels = everywhere.filter((pixel) => map.data[pixel] === label);
    return { pixels: sparse ? spreadPixels(pixels, map.width, random.below(pixels.length)) : pixels, at: 0 };
  });
}

function nextUnused(queue: PixelQueue, used: Uint8Array): number | undefined {
  while (queue.at < queue.pixels.length) {
    const pixel = queue.pixels[queue.at++]!;
    if (used[pixel] === 0) return pixel;
  }
  return undefined;
}

function labelledPixels(map: AnnotatedMap): Int32Array {
  const out = new Int32Array(map.data.length);
  let count = 0;
  for (let pixel = 0; pixel < map.data.length; pixel++) if (map.data[pixel] !== UNLABELLED) out[count++] = pixel;
  return out.subarray(0, count);
}
