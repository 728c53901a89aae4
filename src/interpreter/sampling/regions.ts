import { type AnnotatedMap, UNLABELLED } from './annotation.ts';

/** Labelled regions: 4-connected components of equal label. `region[pixel]` is 0 … count - 1, or -1 where nothing is labelled. */
export interface Regions {
  readonly count: number;
  readonly region: Int32Array;
}

/** Numbers the regions in the order of their first pixel. */
export function labelledRegions(map: AnnotatedMap): Regions {
  const { width, height, data } = map;
  const region = new Int32Array(data.length).fill(-1);
  const stack: number[] = [];
  let count = 0;
  for (let start = 0; start < data.length; start++) {
    if (region[start] !== -1 || data[start] === UNLABELLED) continue;
    const label = data[start]!;
    const visit = (pixel: number): void => {
      if (region[pixel] !== -1 || data[pixel] !== label) return;
      region[pixel] = count;
      stack.push(pixel);
    };
    visit(start);
    for (let pixel = stack.pop(); pixel !== undefined; pixel = stack.pop()) {
      const x = pixel % width;
      const y = (pixel - x) / width;
      if (x > 0) visit(pixel - 1);
      if (x < width - 1) visit(pixel + 1);
      if (y > 0) visit(pixel - width);
      if (y < height - 1) visit(pixel + width);
    }
    count++;
  }
  return { count, region };
}
