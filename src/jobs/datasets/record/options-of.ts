import { type DatasetOptions, DEFAULT_OPTIONS } from '../../../api/dataset-options.ts';
import type { Dataset } from '../../../store/schema.ts';

/** The options of a dataset; the defaults for what was not chosen. */
export function optionsOf({ options }: Pick<Dataset, 'options'>): DatasetOptions {
  return { ...DEFAULT_OPTIONS, ...(options as Partial<DatasetOptions>) };
}
