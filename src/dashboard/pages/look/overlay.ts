/** Red, green, blue: 0 … 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** A grey picture: one byte a pixel, row-major. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Of a label map: pixels that nobody labelled. */
const UNKNOWN = 255;
/** Hundredths of a nat from which a pixel is as hot as can be: where one half of the classifiers sees another label than the other half, it is 69. */
export const HOTTEST = 70;

/** Colours of the 256 values of a byte: four bytes each, red, green, blue, opacity. */
export type Palette = Uint8ClampedArray;

/** @param colours by label; undefined: it is not drawn */
export function labelPalette(colours: readonly (Rgb | undefined)[]): Palette {
  const palette = new Uint8ClampedArray(1024);
  for (const [label, colour] of colours.entries())
    if (label !== UNKNOWN && colour !== undefined) palette.set([...colour, 255], 4 * label);
  return palette;
}

/** From nothing by yellow and red to dark violet, in steps of a hundredth of a nat. */
export function heatPalette(): Palette {
  const palette = new Uint8ClampedArray(1024);
  for (let value = 0; value < 256; value++) palette.set(heatColour(Math.min(1, value / HOTTEST)), 4 * value);
  return palette;
}

/** Stops of the heat map, evenly apart. */
const HEAT: readonly (readonly [...Rgb, number])[] = [
  [255, 255, 178, 0],
  [254, 204, 92, 200],
  [253, 141, 60, 235],
  [227, 26, 28, 245],
  [102, 0, 76, 255],
];

/** @param heat 0 … 1 */
export function heatColour(heat: number): [...Rgb, opacity: number] {
  const at = heat * (HEAT.length - 1);
  const low = Math.min(HEAT.length - 2, Math.floor(at));
  const channel = (index: number) => Math.round(HEAT[low]![index]! + (at - low) * (HEAT[low + 1]![index]! - HEAT[low]![index]!));
  return [channel(0), channel(1), channel(2), channel(3)];
}

/** The bytes of an ImageData: each pixel in the colour of its value. */
export function paint({ data }: Grey, palette: Palette): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(4 * data.length);
  const [words, colours] = [new Uint32Array(rgba.buffer), new Uint32Array(palette.buffer, palette.byteOffset, 256)];
  for (let pixel = 0; pixel < data.length; pixel++) words[pixel] = colours[data[pixel]!]!;
  return rgba;
}

/** A label map, and what its numbers mean. */
export interface NamedMap {
  readonly map: Grey;
  readonly labels: readonly string[];
}

/**
 * Share of the pixels in which two label maps of one size name different labels, whatever the numbers of these. Labels that the first does not have are
 * background to it.
 */
export function differingShare(one: NamedMap, other: NamedMap): number | undefined {
  const { data } = one.map;
  if (data.length !== other.map.data.length || data.length === 0) return undefined;
  const names = one.labels.map((label) => label.toLowerCase());
  const numbers = other.labels.map((label) => Math.max(0, names.indexOf(label.toLowerCase())));
  let differing = 0;
  for (let pixel = 0; pixel < data.length; pixel++) if (data[pixel] !== numbers[other.map.data[pixel]!]) differing++;
  return differing / data.length;
}
