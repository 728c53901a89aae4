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

/**
 * `coco`, `coco,voc` or `all`.
 * @throws DatasetGanError `bad-request`
 */
export function parseFormats(text: string): string[] {
  if (text === 'all') return [...FORMAT_NAMES];
  const names = new Set(text.split(',').map((name) => name.trim()));
  for (const name of names) requireFormat(name);
  return [...names];
}

/** @throws DatasetGanError `bad-request` that lists what there is */
export function requireFormat(name: string): ExportFormat {
  const format = FORMATS.get(name);
  if (format !== undefined) return format;
  throw new DatasetGanError('bad-request', `There is no format '${name}'.`, {
    fix: `Use ${FORMAT_NAMES.join(', ')}, several with commas between them, or all.`,
  });
}
