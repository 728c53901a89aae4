import { type AnnotatedMap, UNLABELLED } from '../interpreter/sampling/annotation.ts';
import type { Point } from '../keypoints/keypoint.ts';

/** How a photograph is fitted into the square that a backbone sees: as large as it can be, in the top left corner. The rest is padding. */
export interface PhotoFrame {
  /** Of the photograph, in its own pixels. */
  readonly width: number;
  readonly height: number;
  /** Pixels on a side of the square. */
  readonly side: number;
}

/** Pixels of the square that show the photograph, from the top left: at least one on each side. */
export function shownSize({ width, height, side }: PhotoFrame): { width: number; height: number } {
  const scale = side / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Labels of a photograph at its own size → labels of the square; the padding is unlabelled. Each pixel takes the label under its centre. */
export function labelsInFrame(map: AnnotatedMap, frame: PhotoFrame): AnnotatedMap {
  const { side } = frame;
  const shown = shownSize(frame);
  const data = new Uint8Array(side * side).fill(UNLABELLED);
  for (let y = 0; y < shown.height; y++) {
    const row = Math.floor(((y + 0.5) * map.height) / shown.height) * map.width;
    for (let x = 0; x < shown.width; x++) data[y * side + x] = map.data[row + Math.floor(((x + 0.5) * map.width) / shown.width)]!;
  }
  return { width: side, height: side, data };
}

/** Labels of the square → labels of the photograph at its own size, in the same way. data: [side · side] */
export function labelsOfPhoto(data: Uint8Array, frame: PhotoFrame): AnnotatedMap {
  const { width, height, side } = frame;
  const shown = shownSize(frame);
  const out = new Uint8Array(width * height);
  const columns = Uint32Array.from({ length: width }, (_, x) => Math.floor(((x + 0.5) * shown.width) / width));
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * shown.height) / height) * side;
    for (let x = 0; x < width; x++) out[y * width + x] = data[row + columns[x]!]!;
  }
  return { width, height, data: out };
}

/** A point of the square → the same point of the photograph. */
export function pointOfPhoto({ x, y }: Point, frame: PhotoFrame): Point {
  const shown = shownSize(frame);
  return { x: (x * frame.width) / shown.width, y: (y * frame.height) / shown.height };
}
