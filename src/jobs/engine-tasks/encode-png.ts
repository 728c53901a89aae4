import { engineTask } from '../../engine/task.ts';
import type { LabelMap } from '../../masks/label-map.ts';
import { encodeIndexPng, encodeRgbPng } from '../../masks/png/png.ts';
import { reducePicture } from '../../masks/reduce-picture.ts';
import type { Picture } from '../../stylegan/picture.ts';

/** most: its greatest width, in pixels. */
export async function encodePicture({ most, ...picture }: Picture & { readonly most?: number | undefined }): Promise<Uint8Array> {
  const { rgb, width, height } = await reducePicture(picture, most ?? picture.width);
  return encodeRgbPng(rgb, width, height);
}
export const encodePictureTask = engineTask(import.meta.url, encodePicture);

export const encodeLabelMap = (map: LabelMap): Promise<Uint8Array> => encodeIndexPng(map);
export const encodeLabelMapTask = engineTask(import.meta.url, encodeLabelMap);
