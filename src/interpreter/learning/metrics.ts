/** Counts, row = truth, column = prediction, row-major [K, K]. Real numbers where a pixel stands for several. */
export interface Confusion {
  readonly classes: number;
  readonly counts: Float64Array;
}

export function emptyConfusion(classes: number): Confusion {
  return { classes, counts: new Float64Array(classes * classes) };
}

/** Adds a picture. Pixels whose truth is not a class (unlabelled) are left out; `weights` gives what each pixel counts for (default 1). */
export function addToConfusion(
  { classes, counts }: Confusion,
  truth: ArrayLike<number>,
  prediction: ArrayLike<number>,
  weights?: ArrayLike<number>,
): void {
  for (let i = 0; i < truth.length; i++) {
    if (truth[i]! < classes) counts[truth[i]! * classes + prediction[i]!]! += weights === undefined ? 1 : weights[i]!;
  }
}

/** Intersection over union per class, TP/(TP + FP + FN), background included; null where neither truth nor prediction has the class. */
export function intersectionOverUnion({ classes, counts }: Confusion): (number | null)[] {
  return Array.from({ length: classes }, (_, c) => {
    let union = -counts[c * classes + c]!;
    for (let other = 0; other < classes; other++) union += counts[c * classes + other]! + counts[other * classes + c]!;
    return union === 0 ? null : counts[c * classes + c]! / union;
  });
}

/** Mean over the classes that have a value; null where none has. */
export function meanIntersectionOverUnion(iou: readonly (number | null)[]): number | null {
  const values = iou.filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Labels beside the background without which a mean says nothing: the background's IoU is high whatever is learnt. */
const LEAST_LABELS = 2;

/** meanIntersectionOverUnion of what annotators see: null with fewer than two labels beside the background ([0]) that have a value. */
export function meanOverLabels(iou: readonly (number | null)[]): number | null {
  const foreground = iou.slice(1).filter((value) => value !== null);
  return foreground.length < LEAST_LABELS ? null : meanIntersectionOverUnion(iou);
}

/** Share of pixels whose prediction is their truth. */
export function pixelAccuracy({ classes, counts }: Confusion): number {
  let right = 0;
  let all = 0;
  for (let i = 0; i < counts.length; i++) {
    all += counts[i]!;
    if (i % (classes + 1) === 0) right += counts[i]!;
  }
  return right / all;
}
