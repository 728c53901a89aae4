import type { LabelGeometry } from '../../src/interpreter/features/feature-layout.ts';

/** A label map of the whole picture. */
export function wholePicture(side: number): LabelGeometry {
  return { side, left: 0, top: 0, width: side, height: side };
}
