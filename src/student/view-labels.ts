import { type AnnotatedMap, UNLABELLED } from '../interpreter/sampling/annotation.ts';
import type { MarkedKeypoints } from '../keypoints/keypoint.ts';
import { shownSize } from '../photos/photo-frame.ts';
import type { PairView } from './pair-view.ts';

/** What labels and keypoints become in a mirrored picture, by their index. */
export interface Sides {
  readonly labels: readonly number[];
  readonly keypoints: readonly number[];
}

/** A picture of which a view sees a part. */
export interface ViewedPicture {
  /** Pixels of the picture. */
  readonly width: number;
  readonly height: number;
  readonly view: PairView;
  /** Pixels on a side of the square. */
  readonly side: number;
}

/** The label map of a picture → that of the square that a view of it is fitted into. Beyond the picture nothing is labelled. */
export function labelsInView(map: AnnotatedMap, { width, height, view, side }: ViewedPicture, { labels }: Sides): AnnotatedMap {
  const shown = shownSize({ ...view, side });
  const data = new Uint8Array(side * side).fill(UNLABELLED);
  for (let y = 0; y < shown.height; y++) {
    const row = Math.floor(((view.top + ((y + 0.5) * view.height) / shown.height) * map.height) / height);
    if (row < 0 || row >= map.height) continue;
    for (let x = 0; x < shown.width; x++) {
      const column = Math.floor(((view.left + ((x + 0.5) * view.width) / shown.width) * map.width) / width);
      if (column < 0 || column >= map.width) continue;
      const label = map.data[row * map.width + column]!;
      data[y * side + (view.mirrored ? shown.width - 1 - x : x)] = view.mirrored ? (labels[label] ?? label) : label;
    }
  }
  return { width: side, height: side, data };
}

/**
 * Keypoints of a picture, in pixels of its label map → in pixels of the square. One outside of the view is absent.
 * @param map size of the label map
 */
export function pointsInView(
  points: MarkedKeypoints,
  map: Pick<AnnotatedMap, 'width' | 'height'>,
  { width, height, view, side }: ViewedPicture,
  { keypoints }: Sides,
): MarkedKeypoints {
  const shown = shownSize({ ...view, side });
  const seen = points.map((point) => {
    if (point === null) return null;
    const x = (((point.x * width) / map.width - view.left) * shown.width) / view.width;
    const y = (((point.y * height) / map.height - view.top) * shown.height) / view.height;
    if (x < 0 || y < 0 || x >= shown.width || y >= shown.height) return null;
    return { ...point, x: view.mirrored ? shown.width - x : x, y };
  });
  return view.mirrored ? keypoints.map((from) => seen[from]!) : seen;
}
