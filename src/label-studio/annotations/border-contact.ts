import { type LabelMap, UNKNOWN } from '../../masks/label-map.ts';

/**
 * Which share of the borders of the painted labels, 0 … 1, runs along another painted label: at most 1/64 of the longer side away, since hands leave
 * gaps. Parts that are painted fully meet their neighbours; strokes stay inside their part. 0 when nothing is painted.
 */
export function borderContact({ width, height, data }: LabelMap): number {
  const reach = Math.max(2, Math.round(Math.max(width, height) / 64));
  const disc: [dx: number, dy: number][] = [];
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++) if (dx * dx + dy * dy <= reach * reach) disc.push([dx, dy]);
  const labelAt = (x: number, y: number) => (x < 0 || y < 0 || x >= width || y >= height ? undefined : data[y * width + x]!);
  const isOther = (found: number | undefined, label: number) => found !== undefined && found !== label;

  let border = 0;
  let touching = 0;
  for (let pixel = 0; pixel < data.length; pixel++) {
    const label = data[pixel]!;
    if (label === UNKNOWN) continue;
    const x = pixel % width;
    const y = (pixel - x) / width;
    const sides = [labelAt(x - 1, y), labelAt(x + 1, y), labelAt(x, y - 1), labelAt(x, y + 1)];
    if (!sides.some((side) => isOther(side, label))) continue;
    border++;
    const meets = disc.some(([dx, dy]) => {
      const found = labelAt(x + dx, y + dy);
      return found !== UNKNOWN && isOther(found, label);
    });
    if (meets) touching++;
  }
  return border === 0 ? 0 : touching / border;
}
