import type { Ring } from './polygon-raster.ts';

/**
 * Drops corners of a closed ring as long as no dropped one is farther than `tolerance` pixels from the line that replaces it
 * (Douglas & Peucker 1973, on the two halves between the first corner and the one farthest from it).
 * At least three corners stay when the ring has them.
 */
export function simplifyRing(ring: Ring, tolerance: number): Ring {
  const { length } = ring;
  if (length <= 4) return ring;
  // The first corner is there again at the end.
  const xs = new Float64Array(length + 1);
  const ys = new Float64Array(length + 1);
  for (let i = 0; i <= length; i++) [xs[i], ys[i]] = ring[i === length ? 0 : i]!;
  let opposite = 0;
  let greatest = -1;
  for (let i = 0; i < length; i++) {
    const distance = (xs[i]! - xs[0]!) ** 2 + (ys[i]! - ys[0]!) ** 2;
    if (distance > greatest) {
      greatest = distance;
      opposite = i;
    }
  }
  const keep = new Uint8Array(length + 1);
  keep[0] = 1;
  keep[opposite] = 1;
  const spans: [number, number][] = [
    [0, opposite],
    [opposite, length],
  ];
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [from, to] = span;
    const at = farthest(xs, ys, from, to, tolerance);
    if (at === undefined) continue;
    keep[at] = 1;
    spans.push([from, at], [at, to]);
  }
  const simple = ring.filter((_, i) => keep[i] === 1);
  return simple.length >= 3 ? simple : ring;
}

/** Below 1 by more than what is rounded off. */
const ALMOST = 1 - 1e-9;

/** The corner strictly between `from` and `to` that is farthest from the segment between those two; undefined when none is beyond the tolerance. */
function farthest(xs: Float64Array, ys: Float64Array, from: number, to: number, tolerance: number): number | undefined {
  const ax = xs[from]!;
  const ay = ys[from]!;
  const dx = xs[to]! - ax;
  const dy = ys[to]! - ay;
  const length = dx * dx + dy * dy;
  let best = tolerance;
  let at: number | undefined;
  for (let i = from + 1; i < to; i++) {
    const x = xs[i]! - ax;
    const y = ys[i]! - ay;
    const along = length === 0 ? 0 : Math.min(1, Math.max(0, (x * dx + y * dy) / length));
    const offX = x - along * dx;
    const offY = y - along * dy;
    // Most corners are ruled out without the exact length, which takes ten times as long.
    if (offX * offX + offY * offY < ALMOST * best * best) continue;
    const distance = Math.hypot(offX, offY);
    if (distance > best) {
      best = distance;
      at = i;
    }
  }
  return at;
}
