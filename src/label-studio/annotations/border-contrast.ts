import { type LabelMap, UNKNOWN } from '../../masks/label-map.ts';
import { nearestSet } from '../../masks/nearest-set.ts';
import type { RgbPicture } from '../../masks/rgb-picture.ts';

/** Colours that differ by less (Euclidean, grey levels) count as equally far. */
const TOLERANCE = 2;
/** Fewer places to look at tell nothing. */
const LEAST_PLACES = 8;

/**
 * Whether the borders of what is painted are borders of the picture, too: how often the colour changes more across the border than from there on
 * outwards. Three points on a line across it, g apart (1/64 of the longer side): inside, just outside, further outside. The share of places where
 * inside and outside differ more than the two outside ones, a tie counts half. About 0.5 for strokes inside a part, near 1 for a part that is painted
 * up to its edge.
 * @returns 0 … 1; null when there are not enough places
 */
export function borderContrast(map: LabelMap, picture: RgbPicture): number | null {
  const { width, height, data } = map;
  const gap = Math.max(2, Math.round(Math.max(width, height) / 64));
  const nearest = nearestSet(
    data.map((label) => (label === UNKNOWN ? 0 : 1)),
    width,
    height,
  );
  const colour = meanColours(picture, Math.max(1, Math.round(gap / 4)));
  let places = 0;
  let wins = 0;
  for (let outside = 0; outside < data.length; outside++) {
    if (data[outside] !== UNKNOWN || nearest[outside] === -1) continue;
    const edge = nearest[outside]!;
    const [x, y] = [outside % width, Math.floor(outside / width)];
    const [ex, ey] = [edge % width, Math.floor(edge / width)];
    const distance = Math.hypot(x - ex, y - ey);
    if (Math.abs(distance - gap) > 0.5) continue;
    /** The pixel so far beyond the edge, along the line; undefined beyond the picture. */
    const along = (beyond: number): number | undefined => {
      const px = Math.round(ex + ((x - ex) / distance) * beyond);
      const py = Math.round(ey + ((y - ey) / distance) * beyond);
      return px < 0 || py < 0 || px >= width || py >= height ? undefined : py * width + px;
    };
    const inside = along(1 - gap);
    const further = along(3 * gap - 1);
    if (inside === undefined || further === undefined || data[inside] !== data[edge] || data[further] !== UNKNOWN) continue;
    const target = nearest[further]!;
    // Where another painted part is near, it is not plain outside.
    if (Math.hypot((further % width) - (target % width), Math.floor(further / width) - Math.floor(target / width)) < 2 * gap)
      continue;
    const across = colour(inside, outside);
    const onwards = colour(outside, further);
    places++;
    if (across > onwards + TOLERANCE) wins++;
    else if (across > onwards - TOLERANCE) wins += 0.5;
  }
  return places < LEAST_PLACES ? null : wins / places;
}

/** Distance between the mean colours of two pixels' neighbourhoods of (2·radius + 1)². */
function meanColours({ width, height, rgb }: RgbPicture, radius: number): (a: number, b: number) => number {
  const mean = (pixel: number, channel: number): number => {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    let sum = 0;
    let count = 0;
    for (let py = Math.max(0, y - radius); py <= Math.min(height - 1, y + radius); py++)
      for (let px = Math.max(0, x - radius); px <= Math.min(width - 1, x + radius); px++) {
        sum += rgb[3 * (py * width + px) + channel]!;
        count++;
      }
    return sum / count;
  };
  return (a, b) => Math.hypot(mean(a, 0) - mean(b, 0), mean(a, 1) - mean(b, 1), mean(a, 2) - mean(b, 2));
}
