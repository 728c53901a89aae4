import type { Component, Components } from '../components.ts';
import type { Ring } from './polygon-raster.ts';
import { traceRing } from './trace-ring.ts';

/**
 * The outer boundary of a connected component along its pixel edges, clockwise, with a corner wherever it turns. Rasterised again
 * (rasterizePolygon) it gives exactly the component with its holes filled.
 */
export function outerRing(pieces: Components, component: Component, width: number, height: number): Ring {
  const { ids } = pieces;
  const { first } = component;
  return traceRing({ ids, id: ids[first]!, width, height }, first % width, Math.floor(first / width));
}
