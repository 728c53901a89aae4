import { z } from 'zod';
import { type DatasetOptions, DEFAULT_OPTIONS, PUSHED_AS, REGION_FORMS } from '../../../api/dataset-options.ts';
import { FORMAT_NAMES } from '../../../export/format-names.ts';
import type { Dataset } from '../../../store/schema.ts';
import { storedJson } from '../../../store/stored-json.ts';

const OPTIONS: z.ZodType<Partial<DatasetOptions>> = z.looseObject({
  destination: z.union([z.enum(['new', 'files']), z.number()]).exactOptional(),
  formats: z.array(z.enum(FORMAT_NAMES)).exactOptional(),
  push: z.enum(PUSHED_AS).exactOptional(),
  regions: z.enum(REGION_FORMS).exactOptional(),
});

/** The options of a dataset; the defaults for what was not chosen. @throws DatasetGanError `damaged-record` */
export function optionsOf({ id, options }: Pick<Dataset, 'id' | 'options'>): DatasetOptions {
  return { ...DEFAULT_OPTIONS, ...storedJson(OPTIONS, options, `the options of dataset ${id}`) };
}
