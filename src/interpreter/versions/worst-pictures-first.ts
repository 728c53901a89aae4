import { type ImageIdentity, imageKey } from '../../stylegan/image-identity.ts';

/**
 * Slips in the order to look at them: pictures by the sum of their deviations, and those of a picture by their own. A swap shows twice in its picture. A
 * fold that learnt from it repeats it elsewhere, but once.
 */
export function worstPicturesFirst<T extends { readonly image: ImageIdentity; readonly deviations: number }>(
  slips: readonly T[],
): T[] {
  const sums = new Map<string, number>();
  for (const { image, deviations } of slips) sums.set(imageKey(image), (sums.get(imageKey(image)) ?? 0) + deviations);
  return slips.toSorted((a, b) => {
    const [keyA, keyB] = [imageKey(a.image), imageKey(b.image)];
    if (keyA === keyB) return b.deviations - a.deviations;
    return sums.get(keyB)! - sums.get(keyA)! || (keyA < keyB ? -1 : 1);
  });
}
