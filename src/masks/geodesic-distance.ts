import type { RgbPicture } from './rgb-picture.ts';

/** What a step costs beside its length, for each grey level that the three channels change by together. */
const COST_OF_CHANGE = 0.3;
/** Sweeps down and up; shortest paths that turn more often are found a little too long. */
const SWEEPS = 3;

/**
 * Of every pixel, the length of the shortest path to a seed, in pixels; where the picture changes along the path, it is longer:
 * Σ (|step| + 0.3·Σ_c |Δrgb_c|). By raster sweeps (Toivanen 1996; Criminisi, Sharp and Blake 2008, "GeoS").
 * @param isSeed not 0 where a path may end, one entry a pixel
 * @returns Infinity everywhere without a seed
 */
export function geodesicDistance({ width, height, rgb }: RgbPicture, isSeed: Uint8Array): Float32Array {
  const distance = Float32Array.from(isSeed, (seed) => (seed === 0 ? Number.POSITIVE_INFINITY : 0));
  const relax = (pixel: number, from: number, length: number): void => {
    const [a, b] = [3 * pixel, 3 * from];
    const change = Math.abs(rgb[a]! - rgb[b]!) + Math.abs(rgb[a + 1]! - rgb[b + 1]!) + Math.abs(rgb[a + 2]! - rgb[b + 2]!);
    const through = distance[from]! + length + COST_OF_CHANGE * change;
    if (through < distance[pixel]!) distance[pixel] = through;
  };
  /** Towards the neighbour before in the row, and the three of the row before; `back` is the step to what comes before. */
  const visit = (x: number, y: number, back: 1 | -1): void => {
    const pixel = y * width + x;
    const [left, above] = [x - back, y - back];
    const inRow = left >= 0 && left < width;
    if (inRow) relax(pixel, pixel - back, 1);
    if (above < 0 || above >= height) return;
    const over = pixel - back * width;
    relax(pixel, over, 1);
    if (inRow) relax(pixel, over - back, Math.SQRT2);
    if (x + back >= 0 && x + back < width) relax(pixel, over + back, Math.SQRT2);
  };
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) visit(x, y, 1);
    for (let y = height - 1; y >= 0; y--) for (let x = width - 1; x >= 0; x--) visit(x, y, -1);
  }
  return distance;
}
