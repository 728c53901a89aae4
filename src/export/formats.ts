import { DatasetGanError } from '../errors.ts';
import type { ExportFormat } from './export-format.ts';
import { indexPng } from './index-png.ts';
import { palettePng } from './palette-png.ts';

/** Every format by its name. */
const FORMATS: ReadonlyMap<string, ExportFormat> = new Map([
  ['index-png', indexPng],
  ['palette-png', palettePng],
]);

export const FORMAT_NAMES: readonly string[] = [...FORMATS.keys()];

/** @throws DatasetGanError `bad-request` that lists what there is */
export function requireFormat(name: string): ExportFormat {
  const format = FORMATS.get(name);
  if (format !== undefined) return format;
  throw new DatasetGanError('bad-request', `There is no format '${name}'.`, { fix: `Use one of: ${FORMAT_NAMES.join(', ')}.` });
}
