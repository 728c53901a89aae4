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

/** 1 where one of the four neighbours carries another label (an unlabelled neighbour is none). */
export function boundaryPixels(map: AnnotatedMap): Uint8Array {
  const { width, height, data } = map;
  const boundary = new Uint8Array(data.length);
  const mark = (a: number, b: number): void => {
    if (data[a] === data[b] || data[a] === UNLABELLED || data[b] === UNLABELLED) return;
    boundary[a] = 1;
    boundary[b] = 1;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      if (x + 1 < width) mark(pixel, pixel + 1);
      if (y + 1 < height) mark(pixel, pixel + width);
    }
  }
  return boundary;
}
