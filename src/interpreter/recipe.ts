/**
 * Every number of the arithmetic that turns annotations into a classifier and a classifier into labels. It is part of the version id:
 * whoever changes a constant here, or any training or inference arithmetic, raises RECIPE, so that no old version passes for a new one.
 */
export const RECIPE = 6;

/** Recorded in a version and part of its id; the defaults are the published recipe's, or measured here where the line says so. */
export interface TrainingSettings {
  /** Classifiers in the ensemble (DatasetGAN, section 3.3: N = 10). */
  readonly members: number;
  /** Most pixels sampled per annotated image, before PIXELS_IN_ALL and TRAIN_MEMORY cap them. */
  readonly pixelsPerImage: number;
  /** Steps of the schedule with one image (an epoch count starves the first versions). */
  readonly steps: number;
  /**
   * More steps for each doubling of the images; 0 in versions of older recipes. With 50 instead of 75, 4 and 16 pictures lost .004.
   */
  readonly stepsPerDoubling?: number;
  /** The most steps when the loss keeps falling. */
  readonly maxSteps: number;
  /**
   * Pixels in a minibatch, drawn with replacement, always full. A step of 128 takes three fifths of the time of one of 256: the mean of many states (AVERAGE)
   * makes up for its noise.
   */
  readonly batch: number;
  /**
   * Adam's rate. The released code's 1e-3 is for thousands of steps; over 600 steps of all features, 5e-3 gave 1 to 2 points of mIoU more with 4
   * annotated and half a point with 16. On the basis 1e-2 is a quarter point worse.
   */
  readonly learningRate: number;
}

export const DEFAULT_SETTINGS: TrainingSettings = {
  members: 10,
  pixelsPerImage: 4000,
  steps: 200,
  stepsPerDoubling: 75,
  maxSteps: 1000,
  batch: 128,
  learningRate: 5e-3,
};

/** Adam, section 2 of Kingma & Ba (2015): the defaults of the paper. */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** BatchNorm as PyTorch defines it, which the released code uses: running = (1 - momentum)·running + momentum·batch. */
export const BATCH_NORM = { epsilon: 1e-5, momentum: 0.1 } as const;

/**
 * A trained ensemble is the mean of the states at every 25th step of the schedule's second half (Izmailov et al. 2018, "Averaging Weights Leads to
 * Wider Optima and Better Generalization"). 25 is also the number of steps between two chances to cancel.
 */
export const AVERAGE = { from: 0.5, everySteps: 25 } as const;

/** Standard deviation of the initial weights (released code: N(0, 0.02), biases 0). */
export const INITIAL_STD = 0.02;

/**
 * Learning a generator's basis: directions kept, pictures and pixels of each that it is learnt from, the variance that all scaled features have
 * together, and the seeds. `recipe` is raised with any change: bases on disk are then learnt again. 128 directions lose half a point of mIoU, 384 gain
 * nothing; 16 pictures lose half a point.
 */
export const BASIS = {
  recipe: 1,
  directions: 256,
  pictures: 64,
  pixels: 128,
  variance: 1024,
  seed: 0,
  firstSeed: 4_000_000_000,
} as const;

/**
 * Directions that a trained ensemble looks at a picture through (narrowFirstLayer), and turns in which they are found. After three they hold .9981, .9773
 * and .9646 of the first layer with 1, 4 and 16 annotated; the best 64 would hold .9981, .9779 and .9654.
 */
export const NARROW = { rank: 64, turns: 3 } as const;

/**
 * Keypoints: σ of the heat as a share of the label map's longer side, and pixels sampled per picture. `recipe` is raised with any change of their
 * arithmetic: it names versions that have keypoints, and only those.
 */
export const KEYPOINTS = { recipe: 1, sigma: 0.02 } as const;

/**
 * Strokes: a picture with a smaller share of labelled pixels than this is annotated by them. `recipe` is raised with any change of their arithmetic: it
 * names versions that have such a picture, and only those.
 */
export const SCRIBBLES = { recipe: 1, mostLabelled: 0.5 } as const;

/**
 * Boxes as weak masks: the core of a box is the ellipse within it, shrunk by this factor. At 0.6, 0.8, 0.9 four pictures with boxes alone gave .531, .569,
 * .574 of mIoU, whole boxes .487. `recipe` is raised with any change of their arithmetic: it names versions that have a picture with boxes, and only those.
 */
export const BOXES = { recipe: 1, core: 0.8 } as const;

/** A feature whose standard deviation is below this share of its tap's mean one carries rounding noise: it gets weight 0. */
export const DEAD_FEATURE = 1e-4;

/** Released code: a class of fewer than 30 pixels in a 512 px mask is a slip; scaled by area, and never fewer than SLIP_LEAST. */
export const SLIP_PIXELS = 30;
export const SLIP_LEAST = 4;

/** Pixels of all images together: with few images each gives more, which is half a point of mIoU with 1 and with 4. */
export const PIXELS_IN_ALL = 64_000;
/** … but never fewer than this many of each. */
export const PIXELS_OF_MANY = 2000;

/** TRAIN_MEMORY never takes an image below this many pixels (or one per region). */
export const LEAST_PIXELS = 64;

/** Regions of one picture that get a pixel of their own, the greater ones more likely: a picture of specks must not fill TRAIN_MEMORY. */
export const MOST_REGIONS = 2000;

/**
 * Columns of the training matrix in one block: small enough for Adam's work on a block's weights to stay in the cache, great enough for the
 * products to run at full rate. At D = 5056 a step took 62, 53 and 52 ms with 128, 256 and 512.
 */
export const BLOCK_COLUMNS = 256;

/** Released code: d→128→32→K below 32 classes, d→256→128→K from there on. */
export function hiddenSizes(classes: number): readonly [number, number] {
  return classes < 32 ? [128, 32] : [256, 128];
}
