import type { TrainingSettings } from '../interpreter/recipe.ts';

/** Raised whenever the arithmetic of this folder changes: it is part of what names a student. */
export const STUDENT_RECIPE = 1;

/** How pictures are changed before they are learnt from; 0 changes nothing. */
export interface Augmentation {
  /** Sides of the part that is seen, as shares of the picture's sides: from … to. Above 1 the picture is smaller, with grey around it. */
  readonly zoom: readonly [number, number];
  /** Share of the pictures that are mirrored, where labels allow it. */
  readonly mirror: number;
  /** Brightness, contrast, saturation and the three channels are each multiplied by 2^(this · N(0, 1)). */
  readonly colour: number;
  /** Share of the pictures that are blurred, and the most: standard deviation in pixels of the square. */
  readonly blur: readonly [number, number];
  /** Share of the pictures that are stored as JPEG, and the least quality. */
  readonly jpeg: readonly [number, number];
  /** Share of the pictures that get noise, and its greatest standard deviation in grey levels. */
  readonly noise: readonly [number, number];
}

/**
 * Measured on renders with 200 synthesized pairs and 4 members (docs/design.md): smaller pictures are worth 2.6 points of mIoU, since a small picture is
 * sharp again. Stronger noise and JPEG lose one.
 */
export const AUGMENTATION: Augmentation = {
  zoom: [0.7, 1.6],
  mirror: 0.5,
  colour: 0.25,
  blur: [0.3, 2],
  jpeg: [0.3, 40],
  noise: [0.3, 12],
};

/** Thousands of pictures say more than a handful: fewer pixels of each, and more steps than a version on a generator has (1,200 lose 1.4 points to 3,000). */
export const STUDENT_SETTINGS: TrainingSettings = {
  members: 10,
  pixelsPerImage: 256,
  steps: 6000,
  stepsPerDoubling: 0,
  maxSteps: 6000,
  batch: 256,
  learningRate: 5e-3,
};

/** So many views are learnt at least where there are fewer pictures. */
const LEAST_VIEWS = 512;
/** … but not more of one picture. */
const MOST_VIEWS = 32;
/** Annotated photographs make up this share of the views beside synthesized pairs, as far as MOST_VIEWS allows. */
const PHOTO_SHARE = 0.25;

/** Views of each pair and of each photograph. */
export function viewsOf(pairs: number, photographs: number): { pairs: number; photographs: number } {
  const many = (wanted: number, files: number) => Math.max(1, Math.min(MOST_VIEWS, Math.ceil(wanted / Math.max(1, files))));
  const own = many(LEAST_VIEWS, pairs);
  const beside = Math.max((PHOTO_SHARE / (1 - PHOTO_SHARE)) * own * pairs, pairs === 0 ? LEAST_VIEWS : 0);
  return { pairs: own, photographs: many(beside, photographs) };
}
