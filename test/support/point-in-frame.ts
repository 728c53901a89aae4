import type { Point } from '../../src/keypoints/keypoint.ts';
import { type PhotoFrame, shownSize } from '../../src/photos/photo-frame.ts';

/** A point of a photograph → the same point of the square that it is fitted into; pointOfPhoto is the way back. */
export function pointInFrame({ x, y }: Point, frame: PhotoFrame): Point {
  const shown = shownSize(frame);
  return { x: (x * shown.width) / frame.width, y: (y * shown.height) / frame.height };
}
