import type { ExportDataset, ExportPair } from '../export-dataset.ts';
import { hundredths } from './hundredths.ts';

/** A keypoint as a value of tables and JSON. */
export interface KeypointCell {
  readonly name: string;
  /** In pixels of the picture, to a hundredth; the centre of the top-left pixel is (0.5, 0.5). null where it is absent. */
  readonly x: number | null;
  readonly y: number | null;
  /** 0 absent, 1 occluded, 2 visible. */
  readonly visibility: 0 | 1 | 2;
  /** 0 … 1; null where it is absent, or where a person put it. */
  readonly score: number | null;
}

/** What the dataset card says of them. */
export const KEYPOINT_CELLS = `\`name\`, \`x\`, \`y\`, \`visibility\` (0 absent, 1 occluded, 2 visible) and \`score\` of each keypoint.
x and y are in pixels, and the centre of the top-left pixel is (0.5, 0.5).`;

/** The keypoints of a picture by name; null: nothing is known of them. */
export function keypointCells(names: readonly string[], { keypoints }: Pick<ExportPair, 'keypoints'>): KeypointCell[] | null {
  if (keypoints === undefined) return null;
  return names.map((name, index) => {
    const point = keypoints[index] ?? null;
    if (point === null) return { name, x: null, y: null, visibility: 0, score: null };
    const { x, y, occluded, score = null } = point;
    return { name, x: hundredths(x), y: hundredths(y), visibility: occluded ? 1 : 2, score };
  });
}

/** As a key of an object; none where the dataset has no keypoints. */
export function keypointEntry(
  { keypoints }: Pick<ExportDataset, 'keypoints'>,
  pair: Pick<ExportPair, 'keypoints'>,
): { keypoints?: KeypointCell[] | null } {
  return keypoints === undefined ? {} : { keypoints: keypointCells(keypoints.names, pair) };
}
