import type { Grey } from './overlay.ts';

/** Bytes as they are in the file: no colour management. */
const PLAIN: ImageBitmapOptions = { colorSpaceConversion: 'none', premultiplyAlpha: 'none' };

export async function readPicture(answer: Response): Promise<ImageBitmap> {
  return createImageBitmap(await answer.blob(), PLAIN);
}

/** A grey PNG: a label map, or hundredths of a nat. */
export async function readGrey(answer: Response): Promise<Grey> {
  const bitmap = await readPicture(answer);
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  return { width, height, data: Uint8Array.from({ length: width * height }, (_, pixel) => data[4 * pixel]!) };
}

export async function readJson<T>(answer: Response): Promise<T> {
  return (await answer.json()) as T;
}
