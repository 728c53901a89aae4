import { join } from 'node:path';
import { engineTask } from '../../engine/task.ts';
import type { LabelMap } from '../../masks/label-map.ts';
import { encodeIndexPng, encodeRgbPng } from '../../masks/png/png.ts';
import type { Picture } from '../../stylegan/picture.ts';
import { writeFileWhole } from '../../write-whole.ts';

export interface Pair {
  readonly folder: string;
  readonly seed: number;
  readonly picture: Picture;
  readonly mask: LabelMap;
}

export const imageFile = (folder: string, seed: number) => join(folder, 'images', `seed-${seed}.png`);
export const maskFile = (folder: string, seed: number) => join(folder, 'masks', `seed-${seed}.png`);

/** Writes `images/seed-N.png` (RGB) and `masks/seed-N.png` (index PNG), each whole or not at all. A power cut costs only the demo. */
export async function writePair({ folder, seed, picture, mask }: Pair): Promise<void> {
  const { rgb, width, height } = picture;
  const [image, labels] = await Promise.all([encodeRgbPng(rgb, width, height), encodeIndexPng(mask)]);
  await Promise.all([
    writeFileWhole(imageFile(folder, seed), image, { outlives: 'kill' }),
    writeFileWhole(maskFile(folder, seed), labels, { outlives: 'kill' }),
  ]);
}
export const writePairTask = engineTask(import.meta.url, writePair);
