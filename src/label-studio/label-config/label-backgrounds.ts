import { descendants, parseXmlTags } from './xml-tags.ts';

/** Red, green, blue: 0 … 255. */
type Rgb = readonly [red: number, green: number, blue: number];

/**
 * The colour that the label config gives each label (`<Label value="Hair" background="#c08040"/>`), by label text; labels without one, or with
 * one in words, are left out. The same label in several controls: the first counts.
 * @throws DatasetGanError `bad-label-config`
 */
export function labelBackgrounds(xml: string): Map<string, Rgb> {
  const colours = new Map<string, Rgb>();
  for (const { name, attributes } of descendants(parseXmlTags(xml))) {
    if (name !== 'label') continue;
    const text = attributes.alias || attributes.value;
    const colour = parseColour(attributes.background ?? '');
    if (text !== undefined && colour !== undefined && !colours.has(text)) colours.set(text, colour);
  }
  return colours;
}

/** `#rgb`, `#rrggbb` (with or without alpha), `rgb(…)`, `rgba(…)`; alpha is left out. */
function parseColour(css: string): Rgb | undefined {
  const [, hex] = /^#([0-9a-f]{3,8})$/i.exec(css.trim()) ?? [];
  if (hex !== undefined && [3, 4, 6, 8].includes(hex.length)) {
    const digits = hex.length < 6 ? [...hex].map((digit) => digit + digit) : (hex.match(/../g) ?? []);
    return rgb(digits.map((pair) => Number.parseInt(pair, 16)));
  }
  const [, list] = /^rgba?\(([\d.,\s]+)\)$/i.exec(css.trim()) ?? [];
  return list === undefined ? undefined : rgb(list.split(/[\s,]+/).map(Number));
}

function rgb([red, green, blue]: readonly number[]): Rgb | undefined {
  const fits = (value: number | undefined): value is number => value !== undefined && value >= 0 && value <= 255;
  return fits(red) && fits(green) && fits(blue) ? [Math.round(red), Math.round(green), Math.round(blue)] : undefined;
}
