import { type Box, isInBox } from '../boxes/box.ts';
import { UNLABELLED } from '../sampling/annotation.ts';
import { labelledRegions } from '../sampling/regions.ts';
import { boxPrior } from './box-prior.ts';
import { type Click, clickField } from './click-field.ts';
import type { PictureInView } from './picture-in-view.ts';

/** What somebody pointed at in a picture. */
export interface Pointed {
  readonly clicks: readonly Click[];
  /** The region is within it. */
  readonly box: Box | null;
}

export interface Region {
  /** 1 where a pixel belongs to the region, else 0; row-major, of the label map's size. */
  readonly mask: Uint8Array;
  readonly pixels: number;
  /** How sure it is: the mean of the field within the region, 0 … 1. */
  readonly score: number;
}

/** What a pixel is that nothing is known of. At -0.4 one click takes too much, at -0.7 too little. */
const UNKNOWN_PIXEL = -0.55;
/** Pieces of a box's region that are smaller than this share of its greatest are specks. */
const SPECK_SHARE = 0.1;

/**
 * The region that clicks and a box mean: where the field of the clicks is positive, in the pieces that hold a click. Without such a click, the pieces in the
 * box. What is known before the clicks is the version's probability of the label, else what the box says, else nothing.
 *
 * @param label of the region, as the version names it
 */
export function regionOfClicks(view: PictureInView, label: string, { clicks, box }: Pointed): Region {
  const { width, height } = view;
  const prior = opinionPrior(view, label) ?? (box === null ? undefined : boxPrior(view, box));
  const field = clickField(view, prior ?? new Float32Array(width * height).fill(UNKNOWN_PIXEL), clicks);
  const data = new Uint8Array(width * height).fill(UNLABELLED);
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) if (field[pixel]! > 0 && (box === null || isInBox(box, x, y))) data[pixel] = 0;
  }
  const { region, count } = labelledRegions({ width, height, data });
  const wanted = piecesWanted(region, count, clicks);
  const mask = region.map((piece) => (piece !== -1 && wanted.has(piece) ? 1 : 0));
  let [pixels, sum] = [0, 0];
  for (const [pixel, set] of mask.entries()) {
    if (set === 0) continue;
    pixels++;
    sum += Math.min(1, field[pixel]!);
  }
  return { mask: Uint8Array.from(mask), pixels, score: pixels === 0 ? 0 : sum / pixels };
}

/** 2·probability - 1; undefined where no version knows the label. */
function opinionPrior({ opinion }: PictureInView, label: string): Float32Array | undefined {
  const index = opinion?.labels.indexOf(label) ?? -1;
  if (opinion === null || index === -1) return undefined;
  const { probability, labels } = opinion;
  const prior = new Float32Array(probability.length / labels.length);
  let greatest = 0;
  for (let pixel = 0, at = index; pixel < prior.length; pixel++, at += labels.length) {
    greatest = Math.max(greatest, probability[at]!);
    prior[pixel] = 2 * probability[at]! - 1;
  }
  return greatest === 0 ? undefined : prior;
}

function piecesWanted(region: Int32Array, count: number, clicks: readonly Click[]): Set<number> {
  const inside = clicks.filter((click) => click.inside);
  if (inside.length > 0) return new Set(inside.map(({ pixel }) => region[pixel]!));
  const sizes = new Uint32Array(count);
  for (const piece of region) if (piece !== -1) sizes[piece]!++;
  const least = SPECK_SHARE * Math.max(0, ...sizes);
  return new Set([...sizes.keys()].filter((piece) => sizes[piece]! >= least));
}
