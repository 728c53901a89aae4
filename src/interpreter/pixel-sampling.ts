import { type AnnotatedMap, UNLABELLED } from './annotation.ts';
import { Random } from './random.ts';
import { MOST_REGIONS } from './recipe.ts';
import { boundaryPixels, labelledRegions } from './regions.ts';

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

/** Every fourth pixel of a class comes from its boundary, where the classes are told apart. */
const BOUNDARY_EVERY = 4;

/**
 * Chooses up to `most` labelled pixels: first one of every region (DatasetGAN, section 3.3), then the classes in turn, a random unused
 * pixel each (every fourth one at a boundary) until the class has none left.
 * @param stream names this picture's draws, so that a picture keeps its pixels whatever is annotated beside it.
 */
export function orderPixels(map: AnnotatedMap, most: number, seed: number, stream: readonly [number, number]): PixelOrder {
  const random = new Random(seed, 'pixels', ...stream);
  const everywhere = random.shuffle(labelledPixels(map));
  const boundary = boundaryPixels(map);
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

  let queues = classQueues(map, everywhere, boundary);
  for (let turn = 1; length < chosen.length && queues.length > 0; turn++) {
    queues = queues.filter((queue) => {
      const first = turn % BOUNDARY_EVERY === 0 ? queue.boundary : queue.everywhere;
      const pixel = nextUnused(first, used) ?? nextUnused(queue.everywhere, used);
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

function classQueues(
  map: AnnotatedMap,
  everywhere: Int32Array,
  boundary: Uint8Array,
): { everywhere: PixelQueue; boundary: PixelQueue }[] {
  const classes = [...new Set(map.data)].filter((label) => label !== UNLABELLED).sort((a, b) => a - b);
  return classes.map((label) => {
    const own = everywhere.filter((pixel) => map.data[pixel] === label);
    return { everywhere: { pixels: own, at: 0 }, boundary: { pixels: own.filter((pixel) => boundary[pixel] === 1), at: 0 } };
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
