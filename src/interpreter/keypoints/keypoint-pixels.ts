import type { MarkedKeypoints, Point } from '../../keypoints/keypoint.ts';
import { Random } from '../learning/random.ts';
import { heatSigma, type LabelSize } from './heat-target.ts';

/** Where a pixel is: warm of some point, warm of a point's mirror image, or neither. */
const STRATA = ['near', 'mirrored', 'elsewhere'] as const;

/** The strata take turns like this: half of the pixels carry heat, a quarter look much like those that do. */
const TURNS: readonly number[] = [0, 1, 0, 2];

/** Beyond so many σ a point's heat is below 0.012. */
const WARM_SIGMAS = 3;

/** The pixels of one picture that a keypoint head is trained on, best first: any prefix is a sample by the same rule. */
export interface KeypointPixels {
  /** Flat positions y·width + x. */
  readonly pixels: Int32Array;
  /** Pixels of the picture that each of them stands for: those of its stratum over those drawn from it. They add up to all pixels. */
  readonly represents: Float32Array;
}

/**
 * Chooses `most` pixels of a picture: one half within 3σ of a point, one quarter within 3σ of where the mirrored picture would have one (a right eye is
 * what is most easily taken for a left one), one quarter anywhere else; a stratum that has no pixel left gives its turns to the others. Uniformly,
 * 0.4 % of the pixels would carry heat. Each pixel's loss is weighted by what it stands for, so the expected loss is that of all pixels.
 * @param drawn how many of them; a greater number begins with the same pixels
 * @param stream names this picture's draws, so that a picture keeps its pixels whatever is annotated beside it
 */
export function chooseKeypointPixels(
  points: MarkedKeypoints,
  size: LabelSize,
  drawn: number,
  seed: number,
  stream: readonly [number, number],
): KeypointPixels {
  const stratum = strataOf(points, size);
  const everywhere = new Random(seed, 'keypoints', ...stream).shuffle(Int32Array.from(stratum.keys()));
  const queues = STRATA.map((_, own) => everywhere.filter((pixel) => stratum[pixel] === own));
  const pixels = new Int32Array(Math.min(drawn, stratum.length));
  const taken = STRATA.map(() => 0);
  for (let length = 0, turn = 0; length < pixels.length; turn++) {
    const own = TURNS[turn % TURNS.length]!;
    const pixel = queues[own]![taken[own]!];
    if (pixel === undefined) continue;
    taken[own]!++;
    pixels[length++] = pixel;
  }
  const represents = Float32Array.from(pixels, (pixel) => queues[stratum[pixel]!]!.length / taken[stratum[pixel]!]!);
  return { pixels, represents };
}

/** Stratum of each pixel, as an index into STRATA. */
function strataOf(points: MarkedKeypoints, size: LabelSize): Uint8Array {
  const stratum = new Uint8Array(size.width * size.height).fill(2);
  const marked = points.filter((point) => point !== null);
  for (const { x, y } of marked) warm(stratum, size, { x: size.width - x, y }, 1);
  for (const point of marked) warm(stratum, size, point, 0);
  return stratum;
}

/** Gives the pixels within 3σ of a point that stratum. */
function warm(stratum: Uint8Array, size: LabelSize, { x, y }: Point, own: number): void {
  const { width, height } = size;
  const radius = WARM_SIGMAS * heatSigma(size);
  for (let row = Math.max(0, Math.floor(y - radius)); row < Math.min(height, y + radius); row++) {
    for (let column = Math.max(0, Math.floor(x - radius)); column < Math.min(width, x + radius); column++) {
      if (Math.hypot(column + 0.5 - x, row + 0.5 - y) <= radius) stratum[row * width + column] = own;
    }
  }
}
