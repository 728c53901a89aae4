import { type LabelMap, UNKNOWN } from '../../masks/label-map.ts';
import type { RgbPicture } from '../../masks/rgb-picture.ts';
import { borderContact } from './border-contact.ts';
import { borderContrast } from './border-contrast.ts';
import { fewRows, likelyBackground } from './likely-background.ts';

/** What an unpainted pixel means where no label is named Background: `auto` looks at each annotation. */
export const UNPAINTED = ['auto', 'background', 'unknown'] as const;
export type Unpainted = (typeof UNPAINTED)[number];

/** What is painted in a picture. */
export interface Painted {
  /** UNKNOWN where nothing is painted, and where the label of what is painted is not known. */
  readonly map: LabelMap;
  /** Not 0 where nothing is painted, one entry a pixel. */
  readonly unpainted: Uint8Array;
}

/**
 * From this share of borders that meet another label on, parts are painted fully. On portraits-256: 0.32 to 0.79 where several parts are painted up
 * to their edges or by a careless hand, 0 to 0.17 for strokes.
 */
const MEETING = 0.25;
/**
 * From this border contrast on as well: 0.92 and more for hair or clothing alone, 0.58 to 0.97 for eyes, brows or ears alone, mostly above 0.7; 0.38 to
 * 0.67 for strokes in hair and face, or in every part. Rather a small part too few than strokes too many: a part that passes for strokes loses little.
 */
const EDGED = 0.7;

/** Whether the painted labels meet as fully painted parts do. Needs no picture. */
export const meetsNeighbours = ({ map }: Painted): boolean => borderContact(map) >= MEETING;

export interface ReadUnpainted {
  readonly map: LabelMap;
  /** What was assumed, for the annotator; null where unpainted is background, as for a full mask. */
  readonly note: string | null;
}

/** All that is unpainted is background. */
export const unpaintedIsBackground = ({ map, unpainted }: Painted): LabelMap => ({
  ...map,
  data: map.data.map((label, pixel) => (unpainted[pixel] === 0 ? label : 0)),
});

/**
 * What the unpainted pixels of an annotation mean, in a project without a label Background. Parts that are painted up to edges of the picture make a
 * full mask: the rest is background. Strokes do not: then the rest is unknown, but for about as much of
 * what is most likely background.
 * @param unpainted `unknown`: these are strokes, whatever they look like
 */
export function readUnpainted(painted: Painted, picture: RgbPicture, unpainted: Exclude<Unpainted, 'background'>): ReadUnpainted {
  if (unpainted === 'auto' && (meetsNeighbours(painted) || (borderContrast(painted.map, picture) ?? 0) >= EDGED))
    return { map: unpaintedIsBackground(painted), note: null };
  const { map } = painted;
  const likely = likelyBackground(map, picture).map((one, pixel) => (painted.unpainted[pixel] === 0 ? 0 : one));
  const pixels = map.data.reduce((count, label) => count + (label === UNKNOWN ? 0 : 1), 0);
  const background = fewRows(likely, map.width, pixels);
  const data = map.data.map((label, pixel) => (background[pixel] === 0 ? label : 0));
  const share = (count: number) => `${percent(count / data.length)} %`;
  const found = likely.reduce((sum, one) => sum + one, 0);
  const note = `${share(pixels)} painted, the rest counts as unknown, except ${share(found)} that are most likely background`;
  return { map: { ...map, data }, note };
}

const percent = (share: number) => (share < 0.01 && share > 0 ? (100 * share).toFixed(1) : Math.round(100 * share));

/** Whether nothing is painted, or only with labels that are not known. */
export const isEmpty = ({ map }: Pick<Painted, 'map'>): boolean => map.data.every((label) => label === UNKNOWN);
