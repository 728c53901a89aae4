import type { DecodedAnnotations } from '../engine-tasks/decode-annotations.ts';

/** One note that says how boxes are read: whoever draws some must draw them around all parts. None where no picture has boxes. */
export function boxedPictures(counted: readonly Pick<DecodedAnnotations, 'summary'>[]): readonly string[] {
  const count = counted.filter(({ summary }) => summary?.boxes !== undefined).length;
  if (count === 0) return [];
  const pictures = count === 1 ? '1 picture has boxes' : `${count} pictures have boxes`;
  return [`${pictures}: what is outside of all boxes and not painted counts as background`];
}
