import sharp from 'sharp';
import { engineTask } from '../../engine/task.ts';
import { paletteOf } from '../../export/palette.ts';
import { toPalettePng } from '../../masks/png/palette-png.ts';
import { type DrawingColours, drawKeypoints, type PointedPair } from './draw-keypoints.ts';

export interface PreviewSheetInput extends DrawingColours {
  /** At least one. Picture and mask have equal shapes. */
  readonly pairs: readonly PointedPair[];
}

/** Pixels of a picture's longer side on the sheet. */
const SIDE = 160;
const GAP_PIXELS = 4;
/** Pairs in a row. */
const COLUMNS = 4;

/** PNG of pairs side by side: picture with its keypoints, mask in colours where there are masks, next picture … */
export async function previewSheet({ pairs, colours, points }: PreviewSheetInput): Promise<Uint8Array> {
  const palette = paletteOf(colours);
  const parts = colours.length > 1 ? 2 : 1;
  const cells = await Promise.all(
    pairs.map(async (pair) => {
      const pointed = await drawKeypoints(pair, points);
      const masked = sharp(toPalettePng(pair.mask, palette)).resize(SIDE, SIDE, { fit: 'inside', kernel: 'nearest' });
      return Promise.all(
        [pointed.resize(SIDE, SIDE, { fit: 'inside' }), masked]
          .slice(0, parts)
          .map((part) => part.png().toBuffer({ resolveWithObject: true })),
      );
    }),
  );
  const { width, height } = cells[0]![0]!.info;
  const pairWidth = parts * width + 2 * GAP_PIXELS;
  const columns = Math.min(COLUMNS, pairs.length);
  const rows = Math.ceil(pairs.length / COLUMNS);
  const placed = cells.flatMap((cell, index) =>
    cell.map(({ data }, part) => ({
      input: data,
      left: (index % COLUMNS) * pairWidth + part * width,
      top: Math.floor(index / COLUMNS) * (height + GAP_PIXELS),
    })),
  );
  const sheet = { width: columns * pairWidth - 2 * GAP_PIXELS, height: rows * (height + GAP_PIXELS) - GAP_PIXELS };
  const png = await sharp({ create: { ...sheet, channels: 3, background: '#ffffff' } })
    .composite(placed)
    .removeAlpha()
    .png({ compressionLevel: 9 })
    .toBuffer();
  return new Uint8Array(png);
}
export const previewSheetTask = engineTask(import.meta.url, previewSheet);
