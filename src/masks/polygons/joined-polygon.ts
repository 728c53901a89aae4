import type { Ring } from './polygon-raster.ts';

/**
 * One polygon of several that are apart, for formats that know one polygon an object: a bridge of no width leads from each to the next and back,
 * between the two corners that are closest. By the even-odd rule it encloses what the polygons enclose.
 */
export function joinedPolygon(polygons: readonly Ring[]): Ring {
  let joined = polygons.at(-1) ?? [];
  for (let i = polygons.length - 2; i >= 0; i--) {
    const ring = polygons[i]!;
    const [leave, arrive] = closestCorners(ring, polygons[i + 1]!);
    const at = joined.indexOf(arrive);
    const bridge = ring.indexOf(leave) + 1;
    joined = [...ring.slice(0, bridge), ...joined.slice(at), ...joined.slice(0, at), arrive, leave, ...ring.slice(bridge)];
  }
  return joined;
}

function closestCorners(from: Ring, to: Ring): readonly [Ring[number], Ring[number]] {
  let closest: readonly [Ring[number], Ring[number]] = [from[0]!, to[0]!];
  let least = Number.POSITIVE_INFINITY;
  for (const a of from) {
    for (const b of to) {
      const distance = (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2;
      if (distance >= least) continue;
      least = distance;
      closest = [a, b];
    }
  }
  return closest;
}
