import sharp from 'sharp';
import { type EngineContext, engineTask } from '../../engine/task.ts';
import type { Colour } from '../../export/palette.ts';
import { paletteOf } from '../../export/palette.ts';
import { toPalettePng } from '../../masks/png/palette-png.ts';
import type { EncodedPair } from './encode-pair.ts';

export interface GalleryInput {
  readonly pairs: readonly EncodedPair[];
  /** By label. */
  readonly colours: readonly Colour[];
}

/** A pair as a page shows it, both in their full size. */
export interface GalleryPicture {
  /** WebP. */
  readonly image: Uint8Array<ArrayBuffer>;
  /** PNG in the colours of the labels. */
  readonly mask: Uint8Array<ArrayBuffer>;
}

/** Looks like the picture and takes a tenth of its PNG. */
const QUALITY = 85;

export async function galleryPictures(
  { pairs, colours }: GalleryInput,
  context: EngineContext,
): Promise<readonly GalleryPicture[]> {
  const palette = paletteOf(colours);
  return Promise.all(
    pairs.map(async ({ image, mask }) => ({
      image: context.transfer(new Uint8Array(await sharp(image).webp({ quality: QUALITY }).toBuffer())),
      mask: context.transfer(new Uint8Array(toPalettePng(mask, palette))),
    })),
  );
}
export const galleryPicturesTask = engineTask(import.meta.url, galleryPictures);
