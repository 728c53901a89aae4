import sharp from 'sharp';
import { DatasetGanError } from '../errors.ts';
import type { LabelMap } from './label-map.ts';
import { decodePlainGreyPng } from './plain-grey-png.ts';

/** Pictures larger than this are refused before they are unpacked. */
const MAX_PIXELS = 16_384 * 16_384;

/** An index PNG: 8-bit grey, the grey value of a pixel is its label index, UNKNOWN as 255. Lossless. */
export async function encodeIndexPng(map: LabelMap): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, data } = map;
  const png = await sharp(data, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png({ compressionLevel: 9, adaptiveFiltering: false })
    .toBuffer();
  return new Uint8Array(png);
}

/**
 * The label map of an 8-bit grey PNG.
 * @throws DatasetGanError `corrupt-file` when it is not one
 */
export async function decodeIndexPng(png: Uint8Array): Promise<LabelMap> {
  const plain = decodePlainGreyPng(png);
  if (plain !== undefined) return plain;
  try {
    const picture = sharp(png, { limitInputPixels: MAX_PIXELS });
    const { format, space, channels } = await picture.metadata();
    if (format !== 'png' || space !== 'b-w' || channels !== 1) throw new Error(`${format}, ${space}, ${channels} channels`);
    const { data, info } = await picture.toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data: new Uint8Array(data) };
  } catch (cause) {
    throw new DatasetGanError('corrupt-file', `Not an index PNG (8-bit grey): ${(cause as Error).message}`, { cause });
  }
}

/** A PNG of interleaved RGB bytes, row-major from the top left. Fast rather than small: generated pictures are made by the thousand. */
export async function encodeRgbPng(rgb: Uint8Array, width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  const png = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 6 })
    .toBuffer();
  return new Uint8Array(png);
}

/**
 * The mask of a BitmaskLabels region: alpha of every pixel, 0 … 255 (black on transparent; a PNG without alpha is set everywhere).
 * @param dataUrl `data:image/png;base64,…`
 * @throws DatasetGanError `bad-annotation`
 */
export async function decodeBitmaskPng(dataUrl: string, width: number, height: number): Promise<Uint8Array> {
  const prefix = 'data:image/png;base64,';
  const bad = (message: string, cause?: unknown) =>
    new DatasetGanError('bad-annotation', message, cause === undefined ? {} : { cause });
  if (!dataUrl.startsWith(prefix)) throw bad('The bitmask is not a PNG data URL.');
  const png = Buffer.from(dataUrl.slice(prefix.length), 'base64');
  try {
    const picture = sharp(png, { limitInputPixels: MAX_PIXELS });
    const { data, info } = await picture.ensureAlpha().extractChannel('alpha').raw().toBuffer({ resolveWithObject: true });
    if (info.width === width && info.height === height) return data;
    throw bad(`The bitmask is ${info.width}x${info.height} pixels, the picture ${width}x${height}.`);
  } catch (cause) {
    if (cause instanceof DatasetGanError) throw cause;
    throw bad(`The bitmask cannot be read: ${(cause as Error).message}`, cause);
  }
}
