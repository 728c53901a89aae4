import { randomBytes } from 'node:crypto';
import type { LabelConfig } from '../../label-studio/label-config/label-config.ts';
import { regionsOfLabelMap } from '../../label-studio/regions/regions-of-label-map.ts';
import type { LabelMap } from '../../masks/label-map.ts';

/** A label map as an annotator who painted all of it would submit it: one brush region a label, with an id such as the editor gives. */
export function truthAnnotation(config: LabelConfig, truth: LabelMap): object[] {
  return regionsOfLabelMap(config, truth, { version: 'truth' }).map((region) => ({
    ...region,
    id: randomBytes(8).toString('base64url').slice(0, 10),
    origin: 'manual',
  }));
}
