import sharp from 'sharp';
import { DatasetGanError } from '../errors.ts';
import { encodeRgbPng } from '../masks/png/png.ts';
import { decodeBmp, isBmp } from './decode-bmp.ts';
import type { ExportPair } from './export-dataset.ts';

const EXTENSIONS: Readonly<Record<string, ExportPair['extension']>> = { png: 'png', jpeg: 'jpg', webp: 'webp' };
const QUALITY = 95;

/**
 * The picture as a browser shows it, and so as it was annotated: one that is stored turned (EXIF) is turned, since trainers do not look there. Other
 * formats than PNG, JPEG and WebP (BMP, TIFF, GIF …) become PNG; whatever is fine stays as it is, byte for byte.
 * @throws DatasetGanError `bad-annotation` when it is not a picture
 */
export async function uprightPicture(bytes: Uint8Array): Promise<Pick<ExportPair, 'image' | 'extension' | 'width' | 'height'>> {
  try {
    if (isBmp(bytes)) {
      const { data, width, height } = decodeBmp(bytes);
      return { image: await encodeRgbPng(data, width, height), extension: 'png', width, height };
    }
    const { format, orientation = 1, autoOrient } = await sharp(bytes).metadata();
    const { width, height } = autoOrient;
    const extension = EXTENSIONS[format ?? ''];
    if (extension !== undefined && orientation === 1) return { image: bytes, extension, width, height };
    const upright = sharp(bytes).autoOrient();
    const isPhoto = extension === 'jpg';
    const turned = isPhoto ? upright.jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4' }) : upright.png();
    return { image: new Uint8Array(await turned.toBuffer()), extension: isPhoto ? 'jpg' : 'png', width, height };
  } catch (cause) {
    throw new DatasetGanError('bad-annotation', `its picture cannot be read: ${(cause as Error).message}`, { cause });
  }
}
