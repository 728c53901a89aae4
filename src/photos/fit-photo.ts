import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { type EngineContext, engineTask } from '../engine/task.ts';
import { DatasetGanError } from '../errors.ts';
import { writeFileWhole } from '../write-whole.ts';
import { shownSize } from './photo-frame.ts';
import { photoSize, readPhoto } from './read-photo.ts';

/** A mask has as many pixels as its photograph: with more, editors of masks do not work any more. */
const MOST_PIXELS = 50e6;

export interface FitPhotoInput {
  /** Of the photograph's file. */
  readonly bytes: Uint8Array;
  /** Pixels on a side of the square that it is fitted into. */
  readonly side: number;
  /** Where files of fitted photographs are; the new one is named by fittedName. */
  readonly folder: string;
}

/** What is known of a photograph once it was read. */
export interface FittedPhoto {
  /** Of its file, hex. */
  readonly sha256: string;
  /** As it is shown. */
  readonly width: number;
  readonly height: number;
}

/** Name of the file of a photograph that was fitted into a square. */
export const fittedName = (sha256: string, side: number): string => `${sha256}-${side}.png`;

/**
 * Reads a photograph, and keeps what a backbone sees of it: its pixels at the working size, lossless. The photograph itself stays where it is.
 * @throws DatasetGanError `bad-photo`, `disk-full`
 */
export async function fitPhoto({ bytes, side, folder }: FitPhotoInput, context: EngineContext): Promise<FittedPhoto> {
  const size = await photoSize(bytes);
  const pixels = size.width * size.height;
  if (pixels > MOST_PIXELS)
    throw new DatasetGanError(
      'bad-photo',
      `The picture has ${Math.round(pixels / 1e6)} megapixels, and at most ${MOST_PIXELS / 1e6} are taken.`,
      { fix: 'Save it smaller.' },
    );
  const { frame, rgb } = await readPhoto(bytes, side, size);
  await context.checkpoint();
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const png = await sharp(rgb, { raw: { ...shownSize(frame), channels: 3 } })
    .png()
    .toBuffer();
  await writeFileWhole(`${folder}/${fittedName(sha256, side)}`, png, { outlives: 'kill' });
  return { sha256, ...size };
}
export const fitPhotoTask = engineTask(import.meta.url, fitPhoto);
