import type { ExportFormat } from './export-format.ts';
import { type FormatName, requireFormatName } from './format-names.ts';
import { coco } from './formats/coco.ts';
import { cocoKeypoints } from './formats/coco-keypoints.ts';
import { cocoPanoptic } from './formats/coco-panoptic.ts';
import { deepLabCut } from './formats/deeplabcut.ts';
import { imageFolder } from './formats/image-folder.ts';
import { indexPng } from './formats/index-png.ts';
import { labelStudio } from './formats/label-studio.ts';
import { palettePng } from './formats/palette-png.ts';
import { parquet } from './formats/parquet.ts';
import { voc } from './formats/voc.ts';
import { webDataset } from './formats/web-dataset.ts';
import { yoloPose } from './formats/yolo-pose.ts';
import { yoloSeg } from './formats/yolo-seg.ts';

/** Every format by its name. */
const FORMATS = {
  'index-png': indexPng,
  'palette-png': palettePng,
  voc,
  coco,
  'coco-panoptic': cocoPanoptic,
  'coco-keypoints': cocoKeypoints,
  'yolo-seg': yoloSeg,
  'yolo-pose': yoloPose,
  deeplabcut: deepLabCut,
  webdataset: webDataset,
  imagefolder: imageFolder,
  parquet,
  'label-studio': labelStudio,
} as const satisfies Readonly<Record<FormatName, ExportFormat>>;

/** @throws DatasetGanError `bad-request` that lists what there is */
export function requireFormat(name: string): ExportFormat {
  return FORMATS[requireFormatName(name)];
}
