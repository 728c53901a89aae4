import type { Ring } from './polygon-raster.ts';

type Point = readonly [x: number, y: number];

/**
 * One polygon of an outer ring and the rings of its holes, for formats that know no holes: a cut of no width goes straight up from the top of each
 * hole to the boundary above it and back. By the even-odd rule the polygon encloses what the rings enclose.
 */
export function keyholePolygon([outer, ...holes]: readonly Ring[]): Ring {
  const byTop = holes.map((hole) => ({ hole, top: topOf(hole) })).sort((a, b) => a.hole[a.top]![1] - b.hole[b.top]![1]);
  let polygon = outer ?? [];
  for (const { hole, top } of byTop) {
    const [x, y] = hole[top]!;
    const above = edgeAbove(polygon, x, y);
    // None: simplified, the outer ring does not enclose this speck of a hole any more.
    if (above === undefined) continue;
    const { edge, at } = above;
    const around = [...hole.slice(top), ...hole.slice(0, top + 1)];
    polygon = [...polygon.slice(0, edge + 1), [x, at], ...around, [x, at], ...polygon.slice(edge + 1)];
  }
  return polygon;
}

function topOf(ring: Ring): number {
  let top = 0;
  for (const [i, [, y]] of ring.entries()) if (y < ring[top]![1]) top = i;
  return top;
}

/** The edge that is met first straight up from (x, y), as the index of the corner it starts at, and the height where it is met. */
function edgeAbove(polygon: Ring, x: number, y: number): { edge: number; at: number } | undefined {
  let found: { edge: number; at: number } | undefined;
  for (const [edge, [x0, y0]] of polygon.entries()) {
    const [x1, y1]: Point = polygon[(edge + 1) % polygon.length]!;
    if (x0 <= x === x1 <= x) continue;
    const at = y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
    if (at < y && (found === undefined || at > found.at)) found = { edge, at };
  }
  return found;
}
