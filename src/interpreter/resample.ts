import { Random } from './random.ts';
import { RESAMPLE_FROM, RESAMPLE_IMAGES } from './recipe.ts';
import type { TrainingMatrix } from './training-matrix.ts';

/** Draws are repeated this often before a class without weight is given weight 1 by hand. */
const ATTEMPTS = 1000;

/**
 * Weights [n, E] of the training pixels, one column per member (bagging, Breiman 1996, as Poisson weights): a Poisson(1) weight per image,
 * from 5 images on, times a Poisson(1) weight per pixel. Image weights are drawn again until at least 3 images and every class have some;
 * the pixel weights of a class that has none are drawn again too.
 * @param rows rows in use; the others get weight 0
 */
export function memberWeights(
  matrix: TrainingMatrix,
  rows: Int32Array,
  members: number,
  classes: number,
  seed: number,
  fold = 0,
): Float32Array {
  const weights = new Float32Array(matrix.rows * members);
  const images = [...new Set(rows.map((row) => matrix.images[row]!))];
  const classesOf = new Map(images.map((image) => [image, new Set<number>()]));
  for (const row of rows) classesOf.get(matrix.images[row]!)!.add(matrix.labels[row]!);
  for (let member = 0; member < members; member++) {
    const imageWeights = drawImageWeights(classesOf, classes, new Random(seed, 'image-resample', member, fold));
    const random = new Random(seed, 'pixel-resample', member, fold);
    const missing = new Set<number>();
    for (const row of rows) missing.add(matrix.labels[row]!);
    for (let attempt = 0; attempt < ATTEMPTS && missing.size > 0; attempt++) {
      const again = new Set(missing);
      for (const row of rows) {
        if (!again.has(matrix.labels[row]!)) continue;
        const weight = imageWeights.get(matrix.images[row]!)! * random.poisson();
        weights[row * members + member] = weight;
        if (weight > 0) missing.delete(matrix.labels[row]!);
      }
    }
  }
  return weights;
}

function drawImageWeights(
  classesOf: ReadonlyMap<number, ReadonlySet<number>>,
  classes: number,
  random: Random,
): ReadonlyMap<number, number> {
  const images = [...classesOf.keys()];
  if (images.length < RESAMPLE_FROM) return new Map(images.map((image) => [image, 1]));
  const present = new Set([...classesOf.values()].flatMap((own) => [...own]));
  let drawn = new Map<number, number>();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    drawn = new Map(images.map((image) => [image, random.poisson()]));
    const used = images.filter((image) => drawn.get(image)! > 0);
    const seen = new Set(used.flatMap((image) => [...classesOf.get(image)!]));
    if (used.length >= RESAMPLE_IMAGES && seen.size === present.size) return drawn;
  }
  for (let label = 0; label < classes; label++) {
    const showing = images.filter((image) => classesOf.get(image)!.has(label));
    if (showing.length > 0 && showing.every((image) => drawn.get(image) === 0))
      drawn.set(showing[random.below(showing.length)]!, 1);
  }
  return drawn;
}
