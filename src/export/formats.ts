import { DatasetGanError } from '../errors.ts';
import { coco } from './coco.ts';
import { cocoPanoptic } from './coco-panoptic.ts';
import type { ExportFormat } from './export-format.ts';
import { imageFolder } from './image-folder.ts';
import { indexPng } from './index-png.ts';
import { labelStudio } from './label-studio.ts';
import { palettePng } from './palette-png.ts';
import { parquet } from './parquet.ts';
import { voc } from './voc.ts';
import { webDataset } from './web-dataset.ts';
import { yoloSeg } from './yolo-seg.ts';

/** Every format by its name. */
const FORMATS: ReadonlyMap<string, ExportFormat> = new Map([
  ['index-png', indexPng],
  ['palette-png', palettePng],
  ['voc', voc],
  ['coco', coco],
  ['coco-panoptic', cocoPanoptic],
  ['yolo-seg', yoloSeg],
  ['webdataset', webDataset],
  ['imagefolder', imageFolder],
  ['parquet', parquet],
  ['label-studio', labelStudio],
]);

export const FORMAT_NAMES: readonly string[] = [...FORMATS.keys()];

/** @throws DatasetGanError `bad-request` that lists what there is */
export function requireFormat(name: string): ExportFormat {
  const format = FORMATS.get(name);
  if (format !== undefined) return format;
  throw new DatasetGanError('bad-request', `There is no format '${name}'.`, { fix: `Use one of: ${FORMAT_NAMES.join(', ')}.` });
}
