import type { Component, Components } from './components.ts';
import type { Ring } from './polygon-raster.ts';
import { traceRing } from './trace-ring.ts';

/**
 * The outer boundary of a connected component along its pixel edges, clockwise, with a corner wherever it turns. Rasterised again
 * (rasterizePolygon) it gives exactly the component with its holes filled.
 */
export function outerRing(pieces: Components, component: Component, width: number, height: number): Ring {
  const { ids } = pieces;
  const id = ids[component.first]!;
  const inside = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && ids[y * width + x] === id;
  return traceRing(inside, component.first % width, Math.floor(component.first / width));
}
