import type { Random } from '../interpreter/learning/random.ts';
import type { Augmentation } from './student-recipe.ts';

/** One look at a picture and its label map, as plain JSON: which part is seen, and how the picture is changed. */
export interface PairView {
  /** The part that is seen, in pixels of the picture. It may reach beyond it: there is grey, which nothing is learnt of. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly mirrored: boolean;
  /** Factors of red, green and blue. */
  readonly gains: readonly [number, number, number];
  /** Factors of what differs from the mean of all pixels, and from the grey of each. */
  readonly contrast: number;
  readonly saturation: number;
  /** Standard deviation in pixels of the square; 0: none. */
  readonly blur: number;
  /** 1 … 100; null: not stored as JPEG. */
  readonly jpeg: number | null;
  /** Standard deviation in grey levels; 0: none. */
  readonly noise: number;
}

/**
 * Draws how a picture of that size is looked at.
 * @param mayMirror whether its labels and keypoints know what they become
 */
export function drawView(
  { width, height }: { readonly width: number; readonly height: number },
  { zoom: [least, most], mirror, colour, blur, jpeg, noise }: Augmentation,
  mayMirror: boolean,
  random: Random,
): PairView {
  const between = (from: number, to: number) => from + (to - from) * random.uniform();
  const factor = () => 2 ** (colour * random.normal());
  const sometimes = (share: number, amount: number) => (random.uniform() < share ? amount : 0);
  const share = between(least, most);
  const seen = (side: number) => Math.max(1, Math.round(side * share));
  // A part smaller than the picture lies within it, and one that is greater has the picture within.
  const place = (side: number) => Math.round(between(0, side - seen(side)));
  const brightness = factor();
  const quality = Math.round(between(jpeg[1], 95));
  return {
    left: place(width),
    top: place(height),
    width: seen(width),
    height: seen(height),
    mirrored: random.uniform() < mirror && mayMirror,
    gains: [brightness * factor(), brightness * factor(), brightness * factor()],
    contrast: factor(),
    saturation: factor(),
    blur: sometimes(blur[0], between(0.5, Math.max(0.5, blur[1]))),
    jpeg: sometimes(jpeg[0], quality) || null,
    noise: sometimes(noise[0], between(0, noise[1])),
  };
}
