import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import type { Confusion } from '../learning/metrics.ts';
import { robustDeviation } from '../learning/robust-deviation.ts';
import { worstPicturesFirst } from './worst-pictures-first.ts';

/** A label of one annotated picture that a fold which did not learn from the picture takes for another, more often than is usual. */
export interface LikelySlip<I = ImageIdentity> {
  readonly image: I;
  /** Index of the annotated label. */
  readonly label: number;
  /** Index of the label that is seen instead. */
  readonly seen: number;
  /** Share of the label's pixels in this picture that are seen as the other, 0 … 1. */
  readonly share: number;
  /** The same share in the other pictures, their median. */
  readonly usualShare: number;
  /** Annotated pixels of the label in this picture. */
  readonly pixels: number;
  /** How many usual deviations `share` is above `usualShare`. */
  readonly deviations: number;
}

/** How a held-out picture is labelled: rows as annotated, columns as seen. */
export interface HeldOutPicture<I> {
  readonly image: I;
  readonly confusion: Confusion;
}

/** Shares differ by about this much between pictures even where those at hand are all alike. */
const LEAST_DEVIATION = 0.1;
/** 16 clean pictures of portraits-256 have a handful above it, one of swapped labels nearly always. */
const LEAST_LISTED = 3;
const MOST_LISTED = 20;

/**
 * What the annotator may have drawn by mistake, worst pictures first; one entry for a label of a picture. A part that is hard in all pictures is not
 * striking in one: each share is compared with its median over the other pictures, in their usual deviations (robustDeviation). A label that no
 * other picture has is compared with nothing and left out.
 */
export function likelySlips<I>(pictures: readonly HeldOutPicture<I>[], keyOf: (image: I) => string): LikelySlip<I>[] {
  const shares = pictures.map(({ confusion }) => sharesOf(confusion));
  const slips = pictures.flatMap(({ image }, picture) =>
    shares[picture]!.flatMap((own, label) => {
      if (own === null) return [];
      const others = shares.flatMap((of, other) => (other === picture || of[label] == null ? [] : [of[label]]));
      if (others.length === 0) return [];
      const found = own.row.map((share, seen) => {
        const elsewhere = others.map(({ row }) => row[seen]!);
        const { usual: usualShare, deviations } = robustDeviation(share, elsewhere, LEAST_DEVIATION);
        return { seen, share, usualShare, deviations };
      });
      const [strangest] = found.filter(({ seen }) => seen !== label).toSorted((a, b) => b.deviations - a.deviations);
      return strangest === undefined ? [] : [{ image, label, pixels: Math.round(own.pixels), ...strangest }];
    }),
  );
  const striking = slips.filter(({ deviations }) => deviations >= LEAST_LISTED);
  return worstPicturesFirst(striking, keyOf).slice(0, MOST_LISTED);
}

/** By annotated label: what share of its pixels is seen as each label; null where it is not annotated. */
function sharesOf({ classes, counts }: Confusion): ({ readonly row: readonly number[]; readonly pixels: number } | null)[] {
  return Array.from({ length: classes }, (_, label) => {
    const row = [...counts.subarray(label * classes, (label + 1) * classes)];
    const pixels = row.reduce((sum, count) => sum + count, 0);
    return pixels === 0 ? null : { row: row.map((count) => count / pixels), pixels };
  });
}
