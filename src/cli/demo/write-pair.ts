import { rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { engineTask } from '../../engine/task.ts';
import { makeFolders } from '../../make-folders.ts';
import type { LabelMap } from '../../masks/label-map.ts';
import { encodeIndexPng, encodeRgbPng } from '../../masks/png/png.ts';
import type { Picture } from '../../stylegan/picture.ts';

export interface Pair {
  readonly folder: string;
  readonly seed: number;
  readonly picture: Picture;
  readonly mask: LabelMap;
}

export const imageFile = (folder: string, seed: number) => join(folder, 'images', `seed-${seed}.png`);
export const maskFile = (folder: string, seed: number) => join(folder, 'masks', `seed-${seed}.png`);

/** Writes `images/seed-N.png` (RGB) and `masks/seed-N.png` (index PNG), each under a temporary name first. */
export async function writePair({ folder, seed, picture, mask }: Pair): Promise<void> {
  const { rgb, width, height } = picture;
  const [image, labels] = await Promise.all([encodeRgbPng(rgb, width, height), encodeIndexPng(mask)]);
  await Promise.all([writeWhole(imageFile(folder, seed), image), writeWhole(maskFile(folder, seed), labels)]);
}
export const writePairTask = engineTask(import.meta.url, writePair);

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await makeFolders(dirname(path));
  await writeFile(`${path}.part`, bytes);
  await rename(`${path}.part`, path);
}
