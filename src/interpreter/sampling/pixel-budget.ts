import { LEAST_PIXELS, PIXELS_IN_ALL, PIXELS_OF_MANY } from '../recipe.ts';

/**
 * Pixels per annotated image: min(most, cap/(4·d·images), max(64,000/images, 2,000)), never below 64 (or one per region, which the sampling itself sees
 * to).
 * cap: bytes of the training matrix (TRAIN_MEMORY); dims: d, the numbers that are kept of a pixel
 */
export function pixelsPerImage(cap: number, dims: number, images: number, most: number): number {
  const fair = Math.max(PIXELS_OF_MANY, Math.floor(PIXELS_IN_ALL / images));
  return Math.min(most, fair, Math.max(LEAST_PIXELS, Math.floor(cap / (4 * dims * images))));
}

/** Images that fit the cap when each has its least share of pixels. */
export function imagesThatFit(cap: number, dims: number): number {
  return Math.max(1, Math.floor(cap / (4 * dims * LEAST_PIXELS)));
}

/**
 * Which images to train on when they do not all fit: the newest, but first, class by class from the rarest, the newest images that show it.
 * @param classesOf for each image, newest first, the classes annotated in it
 * @returns indices, ascending
 */
export function chooseImages(classesOf: readonly (readonly number[])[], fit: number): number[] {
  const all = classesOf.map((_, index) => index);
  if (all.length <= fit) return all;
  const showing = new Map<number, number[]>();
  for (const [index, classes] of classesOf.entries())
    for (const label of classes) showing.set(label, [...(showing.get(label) ?? []), index]);
  const chosen = new Set<number>();
  // A class gets at most an equal share of the places: one that is in every image must not crowd out the others.
  const share = Math.max(1, Math.floor(fit / showing.size));
  const rarestFirst = [...showing.entries()].sort(([a, x], [b, y]) => x.length - y.length || a - b);
  for (const [, images] of rarestFirst) {
    let shown = images.filter((index) => chosen.has(index)).length;
    for (const index of images) {
      if (shown >= share || chosen.size >= fit) break;
      if (chosen.has(index)) continue;
      chosen.add(index);
      shown++;
    }
  }
  for (const index of all) {
    if (chosen.size >= fit) break;
    chosen.add(index);
  }
  return [...chosen].sort((a, b) => a - b);
}
