import { type DecodedRegions, labelMapOfRegions } from '../../src/label-studio/regions/label-map-of-regions.ts';
import { unpaintedAsBackground } from '../../src/label-studio/regions/unpainted-as-background.ts';

/** As labelMapOfRegions, with unpainted pixels as background where the config has no label for it. */
export async function labelMapOfResult(...read: Parameters<typeof labelMapOfRegions>): Promise<DecodedRegions> {
  const decoded = await labelMapOfRegions(...read);
  return { ...decoded, map: unpaintedAsBackground(decoded, read[1]) };
}
