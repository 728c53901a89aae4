import { DatasetGanError } from '../../errors.ts';
import { decodeBitmaskPng } from '../../masks/png/png.ts';
import { type Ring, rasterizePolygon } from '../../masks/polygons/polygon-raster.ts';
import { decodeBrushRle } from '../../masks/rle/brush-rle.ts';
import { SET_FROM_ALPHA, setFromAlpha } from '../../masks/set-from-alpha.ts';
import { numberOf, type ResultEntry } from './result-entry.ts';

/** What a region paints. */
export interface DecodedMask {
  /** One byte per pixel from the pixel `start` on; set where it is at least `from`. */
  readonly mask: Uint8Array;
  readonly start: number;
  readonly from: number;
  /** What was left out or assumed, as the end of a sentence that begins with the region. */
  readonly note?: string;
}

export type MaskKind = 'brush' | 'polygon' | 'bitmask';
type Value = ResultEntry['value'];

/** Per cent of the picture's side: a polygon may be that far outside, and what is outside is cut off. A point further away is a mistake. */
const FARTHEST_PERCENT = 10_000;
/** Per cent of the picture's side: points that are less than this outside are not worth a word. */
const NEAR_PERCENT = 1;

/** What a region is drawn as. The editor too recognises it by the keys of its value; where they say nothing, its type does. Undefined: no mask. */
export function maskKind({ type, value }: ResultEntry): MaskKind | undefined {
  if ('rle' in value || 'touches' in value || 'maskDataURL' in value) return 'brush';
  if ('points' in value) return 'polygon';
  if ('imageDataURL' in value) return 'bitmask';
  return /^(brush|polygon|bitmask)(labels)?$/.exec(type)?.[1] as MaskKind | undefined;
}

/**
 * The mask in a region's `value`.
 * @throws DatasetGanError `bad-annotation` when it cannot be read or is not of the picture's size
 */
export function maskOfValue(kind: MaskKind, value: Value, width: number, height: number): DecodedMask | Promise<DecodedMask> {
  return DECODERS[kind](value, width, height);
}

const DECODERS = { brush: brushMask, polygon: polygonMask, bitmask: bitmaskMask };

function brushMask({ rle }: Value, width: number, height: number): DecodedMask {
  if (!Array.isArray(rle)) throw bad('The brush has no mask (rle).');
  const bytes = rle.some((byte) => typeof byte !== 'number') ? rle.map(numberOf) : (rle as unknown[]);
  return ofAlpha(decodeBrushRle(bytes, width * height).alpha);
}

async function bitmaskMask({ imageDataURL: url }: Value, width: number, height: number): Promise<DecodedMask> {
  if (typeof url !== 'string') throw bad('The bitmask has no mask (imageDataURL).');
  return ofAlpha(await decodeBitmaskPng(url, width, height));
}

function ofAlpha(mask: Uint8Array): DecodedMask {
  const from = setFromAlpha(mask);
  const set = { mask, start: 0, from };
  return from < SET_FROM_ALPHA ? { ...set, note: `is faint: pixels with an alpha of ${from} or more count` } : set;
}

function polygonMask({ points }: Value, width: number, height: number): DecodedMask {
  if (!Array.isArray(points)) throw bad('The polygon has no points.');
  if (points.length < 3)
    return { mask: new Uint8Array(0), start: 0, from: 1, note: 'is ignored: a polygon with fewer than three points' };
  let farthest = 0;
  const ring: Ring = (points as unknown[]).map((point) => {
    const [x, y] = Array.isArray(point) ? [numberOf(point[0]), numberOf(point[1])] : [null, null];
    if (x === null || y === null) throw bad('The polygon has a point that is not a pair of numbers.');
    farthest = Math.max(farthest, -x, x - 100, -y, y - 100);
    return [(x / 100) * width, (y / 100) * height];
  });
  if (farthest > FARTHEST_PERCENT) throw bad('The polygon has a point more than a hundred picture sizes outside the picture.');
  const filled = { ...rasterizePolygon(ring, width, height), from: 1 };
  return farthest > NEAR_PERCENT ? { ...filled, note: 'extends beyond the picture: the part outside is ignored' } : filled;
}

function bad(message: string): DatasetGanError {
  return new DatasetGanError('bad-annotation', message, {
    fix: 'Open the task in Label Studio, delete that region and draw it again. Or skip the task.',
  });
}
