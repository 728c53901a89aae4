import type { MarkedKeypoints } from './keypoint.ts';

/** Pixels. What is sent in per cent and comes back differs by less; a hand that moves a point moves it further. */
const TOLERANCE_PIXELS = 0.05;

/** Whether the same keypoints are at the same places, occluded or not; null is as if all were absent. */
export function samePoints(a: MarkedKeypoints | null, b: MarkedKeypoints | null): boolean {
  const count = Math.max(a?.length ?? 0, b?.length ?? 0);
  return Array.from({ length: count }, (_, keypoint) => [a?.[keypoint] ?? null, b?.[keypoint] ?? null] as const).every(
    ([one, other]) => {
      if (one === null || other === null) return one === other;
      return Math.hypot(one.x - other.x, one.y - other.y) <= TOLERANCE_PIXELS && one.occluded === other.occluded;
    },
  );
}
