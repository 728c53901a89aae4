import { DatasetGanError } from '../errors.ts';

/** Formats that a dataset's files can have; formats.ts has what each does. */
export const FORMAT_NAMES = [
  'index-png',
  'palette-png',
  'voc',
  'coco',
  'coco-panoptic',
  'coco-keypoints',
  'yolo-seg',
  'yolo-pose',
  'deeplabcut',
  'webdataset',
  'imagefolder',
  'parquet',
  'label-studio',
] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];

/** Archives that files can come in. */
export const ARCHIVE_KINDS = ['tar', 'zip'] as const;
export type ArchiveKind = (typeof ARCHIVE_KINDS)[number];

/**
 * `coco`, `coco,voc` or `all`.
 * @throws DatasetGanError `bad-request`
 */
export function parseFormats(text: string): FormatName[] {
  if (text === 'all') return [...FORMAT_NAMES];
  return [...new Set(text.split(',').map((name) => requireFormatName(name.trim())))];
}

/** @throws DatasetGanError `bad-request` that lists what there is */
export function requireFormatName(name: string): FormatName {
  const found = FORMAT_NAMES.find((format) => format === name);
  if (found !== undefined) return found;
  throw new DatasetGanError('bad-request', `There is no format '${name}'.`, {
    fix: `Use all, or one or several of these, separated by commas: ${FORMAT_NAMES.join(', ')}.`,
  });
}
