import { type Colour, vocColour } from './palette.ts';

/** 256 colours as 768 bytes: those of the labels, then Pascal VOC's, 255 (to be ignored) among them. */
export function paletteOf(colours: readonly Colour[]): Uint8Array {
  const palette = new Uint8Array(768);
  for (let index = 0; index < 256; index++) palette.set(colours[index] ?? vocColour(index), 3 * index);
  return palette;
}
