import type { RgbPicture } from './rgb-picture.ts';

/** The picture in another size, by the nearest pixel (centres on centres, as resizeLabelMap). */
export function resizePicture(picture: RgbPicture, width: number, height: number): RgbPicture {
  if (picture.width === width && picture.height === height) return picture;
  const rgb = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * picture.height) / height) * picture.width;
    for (let x = 0; x < width; x++) {
      const from = 3 * (row + Math.floor(((x + 0.5) * picture.width) / width));
      rgb.set(picture.rgb.subarray(from, from + 3), 3 * (y * width + x));
    }
  }
  return { width, height, rgb };
}
