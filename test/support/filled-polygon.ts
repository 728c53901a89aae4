import { type Ring, rasterizePolygon } from '../../src/masks/polygons/polygon-raster.ts';

/** The pixels in a polygon as a mask of the whole picture. */
export function filledPolygon(ring: Ring, width: number, height: number): Uint8Array {
  const filled = new Uint8Array(width * height);
  const { start, mask } = rasterizePolygon(ring, width, height);
  filled.set(mask, start);
  return filled;
}
