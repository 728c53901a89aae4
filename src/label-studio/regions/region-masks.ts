import { DatasetGanError } from '../../errors.ts';
import { decodeBrushRle } from '../../masks/brush-rle-decode.ts';
import { SET_FROM_ALPHA } from '../../masks/brush-rle-format.ts';
import { UNKNOWN } from '../../masks/label-map.ts';
import { decodeBitmaskPng } from '../../masks/png.ts';
import { type Ring, rasterizePolygon } from '../../masks/polygon-raster.ts';
import type { LabelConfig } from '../label-config/label-config.ts';
import { type Region, regionSchema } from './region.ts';

export interface RegionMask {
  /** Index of the region's label; UNKNOWN when the label config does not have it (any more). */
  readonly label: number;
  /** One byte per pixel; set where it is at least `from`. */
  readonly mask: Uint8Array;
  readonly from: number;
}

type MaskDecoder = (value: Record<string, unknown>, width: number, height: number) => Promise<Omit<RegionMask, 'label'> | string>;

const DECODERS = new Map<string, MaskDecoder>([
  ['brushlabels', brushMask],
  ['polygonlabels', polygonMask],
  ['bitmasklabels', bitmaskMask],
]);

/** Hears of what is not as it should be. */
export interface RegionReport {
  /** Something that paints no pixel of the picture, or was read leniently. */
  note(text: string): void;
  /** A region of which nobody can tell which pixels it paints. */
  lose(text: string): void;
}

const SILENT: RegionReport = { note: () => {}, lose: () => {} };

/**
 * The masks of an annotation's `result` on the config's Image, in order: brushes, polygons and bitmasks of any control. Anything else in it (relations,
 * choices, boxes, regions of another image) is passed over; `report` hears of those that look like a shape, and of what cannot be read.
 *
 * @throws DatasetGanError `bad-annotation` when `result` is not a list
 */
export async function* regionMasks(
  result: unknown,
  config: LabelConfig,
  width: number,
  height: number,
  report: RegionReport = SILENT,
): AsyncGenerator<RegionMask> {
  if (result === null || result === undefined) return;
  if (!Array.isArray(result))
    throw new DatasetGanError('bad-annotation', 'The result of the annotation is not a list of regions.');
  const indexOf = new Map(config.labelTexts);
  for (const entry of result as unknown[]) {
    const { data: region } = regionSchema.safeParse(entry);
    if (region?.value === undefined) continue;
    const decoder = DECODERS.get(region.type);
    if (decoder === undefined) {
      if (!PASSED_OVER.has(region.type)) report.note(`a region of type '${region.type}' is not a mask`);
      continue;
    }
    if (region.to_name !== undefined && region.to_name !== config.imageName) {
      report.note(`a region on '${region.to_name}' is not on '${config.imageName}'`);
      continue;
    }
    const texts = labelTextsOf(region);
    const known = texts.find((text) => indexOf.has(text));
    const mask = await maskOf(region, decoder, width, height, report);
    if (mask === undefined) continue;
    if (texts.length === 0) report.note('a region has no label; its pixels count as unknown');
    else if (known === undefined) report.note(`the label '${texts[0]}' is not in the label config; its pixels count as unknown`);
    yield { label: known === undefined ? UNKNOWN : indexOf.get(known)!, ...mask };
  }
}

/** @returns undefined when it has none, or none that can be read */
async function maskOf(
  region: Region,
  decoder: MaskDecoder,
  width: number,
  height: number,
  report: RegionReport,
): Promise<Omit<RegionMask, 'label'> | undefined> {
  try {
    checkSize(region, width, height);
    const decoded = await decoder(region.value ?? {}, width, height);
    if (typeof decoded !== 'string') return decoded;
    report.note(decoded);
  } catch (thrown) {
    if (!(thrown instanceof DatasetGanError) || thrown.code !== 'bad-annotation') throw thrown;
    report.lose(`region ${region.id ?? 'without id'} is passed over: ${thrown.message}`);
  }
  return undefined;
}

/** Results without a shape that go with many masks; not worth a note. */
const PASSED_OVER: ReadonlySet<string> = new Set([
  'relation',
  'choices',
  'textarea',
  'rating',
  'number',
  'datetime',
  'taxonomy',
  'labels',
]);

function checkSize(region: Region, width: number, height: number): void {
  const { original_width: w, original_height: h } = region;
  if ((w ?? width) === width && (h ?? height) === height) return;
  throw new DatasetGanError(
    'bad-annotation',
    `A region was drawn on a picture of ${w}x${h} pixels; this one has ${width}x${height}.`,
    {
      fix: 'Open the task in Label Studio, delete that region and draw it again, or skip the task.',
    },
  );
}

/** A region's label texts are under the name of its type. */
function labelTextsOf({ type, value }: Region): string[] {
  const texts = value?.[type] ?? value?.labels;
  return Array.isArray(texts) ? texts.filter((text) => typeof text === 'string') : [];
}

async function brushMask(value: Record<string, unknown>, width: number, height: number) {
  const rle = value.rle;
  if (!Array.isArray(rle)) throw new DatasetGanError('bad-annotation', 'A brush region has no mask (rle).');
  return { mask: decodeBrushRle(rle, width * height).alpha, from: SET_FROM_ALPHA };
}

async function bitmaskMask(value: Record<string, unknown>, width: number, height: number) {
  const url = value.imageDataURL;
  if (typeof url !== 'string') throw new DatasetGanError('bad-annotation', 'A bitmask region has no mask (imageDataURL).');
  return { mask: await decodeBitmaskPng(url, width, height), from: SET_FROM_ALPHA };
}

async function polygonMask(value: Record<string, unknown>, width: number, height: number) {
  const points = value.points;
  if (!Array.isArray(points)) throw new DatasetGanError('bad-annotation', 'A polygon region has no points.');
  if (points.length < 3) return 'a polygon of fewer than three points is left out';
  const ring: Ring = points.map((point: unknown) => {
    if (!Array.isArray(point) || !Number.isFinite(point[0]) || !Number.isFinite(point[1])) {
      throw new DatasetGanError('bad-annotation', 'A polygon has a point that is not a pair of numbers.');
    }
    return [(point[0] / 100) * width, (point[1] / 100) * height];
  });
  return { mask: rasterizePolygon(ring, width, height), from: 1 };
}
