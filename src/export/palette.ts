/** Red, green, blue: 0 … 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/**
 * Colour `index` of Pascal VOC's map: the bits of the index spread over the three channels, the lowest three into their top bits and so on
 * (VOC devkit, VOClabelcolormap). 0 is black, 255 (to be ignored) is cream.
 */
export function vocColour(index: number): Colour {
  const channel = (bit: number) => {
    let value = 0;
    for (let place = 0; place < 8; place++) value |= ((index >> (3 * place + bit)) & 1) << (7 - place);
    return value;
  };
  return [channel(0), channel(1), channel(2)];
}

/**
 * A colour for each label, all of them different: its own where it has one that no label before it has, else Pascal VOC's.
 * @param own by label; undefined where a label has none. The background (0) is black unless it has its own.
 */
export function labelColours(own: readonly (Colour | undefined)[]): Colour[] {
  const taken = new Set<string>();
  // What labels have chosen stays theirs: the map's colours fill in what is left.
  const chosen = own.map((colour) => {
    if (colour === undefined || taken.has(String(colour))) return undefined;
    taken.add(String(colour));
    return colour;
  });
  let next = 0;
  const free = (): Colour => {
    while (taken.has(String(vocColour(next)))) next++;
    return vocColour(next++);
  };
  return chosen.map((colour) => colour ?? free());
}

/** `#rrggbb` */
export const hexColour = (colour: Colour): string => `#${colour.map((value) => value.toString(16).padStart(2, '0')).join('')}`;

/** 256 colours as 768 bytes: those of the labels, then Pascal VOC's, 255 (to be ignored) among them. */
export function paletteOf(colours: readonly Colour[]): Uint8Array {
  const palette = new Uint8Array(768);
  for (let index = 0; index < 256; index++) palette.set(colours[index] ?? vocColour(index), 3 * index);
  return palette;
}
