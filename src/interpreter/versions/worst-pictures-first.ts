/**
 * Slips in the order to look at them: pictures by the sum of their deviations, and those of a picture by their own. A swap shows twice in its picture. A
 * fold that learnt from it repeats it elsewhere, but once.
 */
export function worstPicturesFirst<I, T extends { readonly image: I; readonly deviations: number }>(
  slips: readonly T[],
  keyOf: (image: I) => string,
): T[] {
  const sums = new Map<string, number>();
  for (const { image, deviations } of slips) sums.set(keyOf(image), (sums.get(keyOf(image)) ?? 0) + deviations);
  return slips.toSorted((a, b) => {
    const [keyA, keyB] = [keyOf(a.image), keyOf(b.image)];
    if (keyA === keyB) return b.deviations - a.deviations;
    return sums.get(keyB)! - sums.get(keyA)! || (keyA < keyB ? -1 : 1);
  });
}
