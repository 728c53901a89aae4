import { engineTask } from '../../engine/task.ts';
import type { LabelMap } from '../../masks/label-map.ts';
import { encodeIndexPng, encodeRgbPng } from '../../masks/png/png.ts';
import type { Picture } from '../../stylegan/picture.ts';

export const encodePicture = ({ rgb, width, height }: Picture): Promise<Uint8Array> => encodeRgbPng(rgb, width, height);
export const encodePictureTask = engineTask(import.meta.url, encodePicture);

export const encodeLabelMap = (map: LabelMap): Promise<Uint8Array> => encodeIndexPng(map);
export const encodeLabelMapTask = engineTask(import.meta.url, encodeLabelMap);
