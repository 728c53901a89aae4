import type { LabelConfig } from './label-config.ts';
import { parseLabelConfig } from './parse-label-config.ts';

/**
 * A project's label config for reading what people drew: also where a Brush, Polygon or Bitmask draws what a Labels beside it names.
 * @throws DatasetGanError `bad-label-config`
 */
export const allMaskLabels = (xml: string): LabelConfig => parseLabelConfig(xml, { joinApart: true });
