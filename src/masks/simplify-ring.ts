import type { Ring } from './polygon-raster.ts';

/**
 * Drops corners of a closed ring as long as no dropped one is farther than `tolerance` pixels from the line that replaces it
 * (Douglas & Peucker 1973, on the two halves between the first corner and the one farthest from it).
 * At least three corners stay when the ring has them.
 */
export function simplifyRing(ring: Ring, tolerance: number): Ring {
  if (ring.length <= 4) return ring;
  const [originX, originY] = ring[0]!;
  let opposite = 0;
  let greatest = -1;
  for (const [i, [x, y]] of ring.entries()) {
    const distance = (x - originX) ** 2 + (y - originY) ** 2;
    if (distance > greatest) {
      greatest = distance;
      opposite = i;
    }
  }
  const keep = new Uint8Array(ring.length + 1);
  keep[0] = 1;
  keep[opposite] = 1;
  const closed = [...ring, ring[0]!];
  const spans: [number, number][] = [
    [0, opposite],
    [opposite, ring.length],
  ];
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [from, to] = span;
    const [at, distance] = farthest(closed, from, to);
    if (distance <= tolerance) continue;
    keep[at] = 1;
    spans.push([from, at], [at, to]);
  }
  const simple = ring.filter((_, i) => keep[i] === 1);
  return simple.length >= 3 ? simple : ring;
}

/** The corner strictly between `from` and `to` that is farthest from the segment between those two, and its distance. */
function farthest(points: Ring, from: number, to: number): [at: number, distance: number] {
  const [ax, ay] = points[from]!;
  const [bx, by] = points[to]!;
  const dx = bx - ax;
  const dy = by - ay;
  const length = dx * dx + dy * dy;
  let best = -1;
  let at = from;
  for (let i = from + 1; i < to; i++) {
    const [x, y] = points[i]!;
    const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
    const distance = Math.hypot(x - ax - along * dx, y - ay - along * dy);
    if (distance > best) {
      best = distance;
      at = i;
    }
  }
  return [at, best];
}
