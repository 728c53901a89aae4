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
const FORMATS = {
  'index-png': indexPng,
  'palette-png': palettePng,
  voc,
  coco,
  'coco-panoptic': cocoPanoptic,
  'yolo-seg': yoloSeg,
  webdataset: webDataset,
  imagefolder: imageFolder,
  parquet,
  'label-studio': labelStudio,
} as const satisfies Readonly<Record<string, ExportFormat>>;

export type FormatName = keyof typeof FORMATS;

export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[];

/**
 * `coco`, `coco,voc` or `all`.
 * @throws DatasetGanError `bad-request`
 */
export function parseFormats(text: string): FormatName[] {
  if (text === 'all') return [...FORMAT_NAMES];
  return [...new Set(text.split(',').map((name) => requireFormatName(name.trim())))];
}

/** @throws DatasetGanError `bad-request` that lists what there is */
export function requireFormat(name: string): ExportFormat {
  return FORMATS[requireFormatName(name)];
}

/** @throws DatasetGanError `bad-request` that lists what there is */
export function requireFormatName(name: string): FormatName {
  const found = FORMAT_NAMES.find((format) => format === name);
  if (found !== undefined) return found;
  throw new DatasetGanError('bad-request', `There is no format '${name}'.`, {
    fix: `Use ${FORMAT_NAMES.join(', ')}, several with commas between them, or all.`,
  });
}
