import { type EngineContext, engineTask } from '../../engine/task.ts';
import { paletteOf } from '../../export/palette.ts';
import { toPalettePng } from '../../masks/png/palette-png.ts';
import { type DrawingColours, drawKeypoints, type PointedPair } from './draw-keypoints.ts';

export interface GalleryInput extends DrawingColours {
  readonly pairs: readonly PointedPair[];
}

/** A pair as a page shows it, both in their full size. */
export interface GalleryPicture {
  /** WebP, with the keypoints on it. */
  readonly image: Uint8Array<ArrayBuffer>;
  /** PNG in the colours of the labels; left out where there are no masks. */
  readonly mask?: Uint8Array<ArrayBuffer>;
}

/** Looks like the picture and takes a tenth of its PNG. */
const QUALITY = 85;

export async function galleryPictures(
  { pairs, colours, points }: GalleryInput,
  context: EngineContext,
): Promise<readonly GalleryPicture[]> {
  const palette = paletteOf(colours);
  const hasMasks = colours.length > 1;
  return Promise.all(
    pairs.map(async (pair) => {
      const pointed = await drawKeypoints(pair, points);
      return {
        image: context.transfer(new Uint8Array(await pointed.webp({ quality: QUALITY }).toBuffer())),
        ...(hasMasks ? { mask: context.transfer(new Uint8Array(toPalettePng(pair.mask, palette))) } : {}),
      };
    }),
  );
}
export const galleryPicturesTask = engineTask(import.meta.url, galleryPictures);
