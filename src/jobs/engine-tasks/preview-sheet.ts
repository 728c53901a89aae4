import sharp from 'sharp';
import { engineTask } from '../../engine/task.ts';
import type { Colour } from '../../export/palette.ts';
import { paletteOf } from '../../export/palette.ts';
import { toPalettePng } from '../../masks/png/palette-png.ts';

export interface PreviewSheetInput {
  /** A picture's PNG and its index PNG, of equal shape; at least one. */
  readonly pairs: readonly { readonly image: Uint8Array; readonly mask: Uint8Array }[];
  /** By label. */
  readonly colours: readonly Colour[];
}

/** Pixels of a picture's longer side on the sheet. */
const SIDE = 160;
const GAP_PIXELS = 4;
/** Pairs in a row. */
const COLUMNS = 4;

/** PNG of pairs side by side: picture, mask in colours, next picture … */
export async function previewSheet({ pairs, colours }: PreviewSheetInput): Promise<Uint8Array> {
  const palette = paletteOf(colours);
  const cells = await Promise.all(
    pairs.map(async ({ image, mask }) => [
      await sharp(image).resize(SIDE, SIDE, { fit: 'inside' }).png().toBuffer({ resolveWithObject: true }),
      await sharp(toPalettePng(mask, palette))
        .resize(SIDE, SIDE, { fit: 'inside', kernel: 'nearest' })
        .png()
        .toBuffer({ resolveWithObject: true }),
    ]),
  );
  const { width, height } = cells[0]![0]!.info;
  const pairWidth = 2 * width + 2 * GAP_PIXELS;
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
