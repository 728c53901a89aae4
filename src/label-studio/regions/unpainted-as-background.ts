import type { LabelMap } from '../../masks/label-map.ts';
import type { LabelConfig } from '../label-config/label-config.ts';
import type { DecodedRegions } from './label-map-of-regions.ts';

/**
 * The label map in which a pixel without a region is background (0). It stays UNKNOWN in a sparse config, and where a region was lost that might
 * have painted it.
 */
export function unpaintedAsBackground({ map, regions, lost }: DecodedRegions, { sparse }: Pick<LabelConfig, 'sparse'>): LabelMap {
  if (sparse || lost) return map;
  return { ...map, data: map.data.map((label, pixel) => (regions[pixel] === 0 ? 0 : label)) };
}
