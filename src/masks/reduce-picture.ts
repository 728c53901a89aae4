import sharp from 'sharp';
import type { RgbPicture } from './rgb-picture.ts';

/** The picture with at most that width, in pixels, its height in proportion. */
export async function reducePicture(picture: RgbPicture, most: number): Promise<RgbPicture> {
  const { width, height, rgb } = picture;
  if (width <= most) return picture;
  const { data, info } = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize(most)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: new Uint8Array(data) };
}
