import { engineTask } from '../../engine/task.ts';
import type { Point } from '../../keypoints/keypoint.ts';
import { UNKNOWN } from '../../masks/label-map.ts';
import { decodeIndexPng } from '../../masks/png/png.ts';
import { cocoCounts, cocoText } from '../../masks/rle/coco-rle.ts';
import type { ExportDataset } from '../export-dataset.ts';
import type { RunTask, SplitPair } from '../export-format.ts';
import { hasMasks } from '../has-masks.ts';
import { mapAhead } from '../map-ahead.ts';
import { hundredths } from './hundredths.ts';
import { type Box, boxes } from './mask-pieces.ts';

/** Room around the points on each side, as a share of the longer side of the box that they fill. */
const MARGIN = 0.1;
/** The least room, as a share of the picture's longer side: one point fills no box. */
const LEAST_MARGIN = 0.02;

/** The one object that a picture's keypoints are of. */
export interface KeypointObject {
  readonly box: Box;
  /** Pixels of its mask; of its box where there is no mask. */
  readonly area: number;
  /** COCO's compressed run lengths; null where there is no mask. */
  readonly segmentation: { readonly size: readonly [height: number, width: number]; readonly counts: string } | null;
}

interface ObjectInput {
  readonly width: number;
  readonly height: number;
  /** Index PNG; null where there are no masks. */
  readonly mask: Uint8Array | null;
  /** Keypoints that are there. */
  readonly points: readonly Point[];
}

/** The object of a picture: all labels of its mask together, else what its points span; null where it has neither. */
export async function keypointObject({ mask, ...input }: ObjectInput): Promise<KeypointObject | null> {
  return (mask === null ? null : await maskedObject(mask)) ?? spannedObject(input);
}
const keypointObjectTask = engineTask(import.meta.url, keypointObject);

/** Pairs with their object, in order. */
export function withObjects(
  dataset: Pick<ExportDataset, 'labels'>,
  pairs: AsyncIterable<SplitPair>,
  run: RunTask,
): AsyncIterable<readonly [SplitPair, KeypointObject | null]> {
  return mapAhead(pairs, ({ width, height, mask, keypoints = [] }) =>
    run(keypointObjectTask, {
      width,
      height,
      mask: hasMasks(dataset) ? mask : null,
      points: keypoints.filter((point) => point !== null),
    }),
  );
}

async function maskedObject(mask: Uint8Array): Promise<KeypointObject | null> {
  const { width, height, data } = await decodeIndexPng(mask);
  const ids = Uint32Array.from(data, (label) => (label === 0 || label === UNKNOWN ? 0 : 1));
  const area = ids.reduce((sum, id) => sum + id, 0);
  if (area === 0) return null;
  const components = [0, 1].map((label) => ({ label, pixels: 0, first: 0 }));
  const [, box] = boxes(ids, 2, { width, height });
  const [, counts] = cocoCounts({ ids, components }, width, height);
  return { box: box!, area, segmentation: { size: [height, width], counts: cocoText(counts!) } };
}

function spannedObject({ width, height, points }: Omit<ObjectInput, 'mask'>): KeypointObject | null {
  if (points.length === 0) return null;
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const extent = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
  const margin = Math.max(MARGIN * extent, LEAST_MARGIN * Math.max(width, height));
  const left = Math.max(0, Math.min(...xs) - margin);
  const top = Math.max(0, Math.min(...ys) - margin);
  const right = Math.min(width, Math.max(...xs) + margin);
  const bottom = Math.min(height, Math.max(...ys) + margin);
  const box = [hundredths(left), hundredths(top), hundredths(right - left), hundredths(bottom - top)] as const;
  return { box, area: hundredths(box[2] * box[3]), segmentation: null };
}
