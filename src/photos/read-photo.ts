import sharp from 'sharp';
import { DatasetGanError } from '../errors.ts';
import { messageOf } from '../thrown.ts';
import { type PhotoFrame, shownSize } from './photo-frame.ts';

/** More are refused before they are unpacked. */
const MAX_PIXELS = 16_384 * 16_384;
/** What shows through transparent pixels, as browsers show them. */
const BEHIND = '#ffffff';

/** A photograph as a backbone sees it. */
export interface FramedPhoto {
  readonly frame: PhotoFrame;
  /** Of the shown part [height, width, 3] (shownSize), row-major. */
  readonly rgb: Uint8Array;
}

/**
 * Width and height of a photograph as it is shown: one that is stored turned (EXIF) is turned.
 * @param source the file's bytes, or its path
 * @throws DatasetGanError `bad-photo`
 */
export async function photoSize(source: Uint8Array | string): Promise<{ width: number; height: number }> {
  return orBadPhoto(async () => {
    const { autoOrient } = await sharp(source, { limitInputPixels: MAX_PIXELS }).metadata();
    return { width: autoOrient.width, height: autoOrient.height };
  });
}

/**
 * Reads a photograph of any size, orientation, bit depth and colour space as 8-bit sRGB, fitted into a square of side × side. Of an animation the first
 * picture counts.
 * @param size of the photograph, where the bytes show it smaller
 * @throws DatasetGanError `bad-photo`
 */
export async function readPhoto(
  bytes: Uint8Array,
  side: number,
  size?: { readonly width: number; readonly height: number },
): Promise<FramedPhoto> {
  const { width, height } = size ?? (await photoSize(bytes));
  const frame = { width, height, side };
  const shown = shownSize(frame);
  const rgb = await orBadPhoto(() =>
    sharp(bytes, { limitInputPixels: MAX_PIXELS })
      .autoOrient()
      .flatten({ background: BEHIND })
      .toColourspace('srgb')
      .resize(shown.width, shown.height, { fit: 'fill' })
      .raw({ depth: 'uchar' })
      .toBuffer(),
  );
  return { frame, rgb: new Uint8Array(rgb) };
}

async function orBadPhoto<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new DatasetGanError('bad-photo', `The picture cannot be read: ${messageOf(cause).replace(/\.?\s*$/, '')}.`, {
      fix: 'Save it again as JPEG or PNG.',
      cause,
    });
  }
}
