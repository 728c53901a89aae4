import { toPalettePng } from '../../masks/png/palette-png.ts';
import type { ExportFormat } from '../export-format.ts';
import { paletteOf } from '../palette.ts';
import { KEYPOINT_CELLS } from './keypoint-column.ts';
import { PICTURE_KINDS, PICTURE_LISTS, writePictures } from './write-pictures.ts';

/** As index PNG, with a palette, so that masks are seen in the colours of their labels. */
export const palettePng: ExportFormat = {
  title: 'Palette PNG',
  kinds: PICTURE_KINDS,
  notes: {
    layout: `- \`images/\`: the pictures.
- \`masks/\`: an 8-bit palette PNG with the name and size of its picture, in the colours of its labels. The palette index of a pixel is the
  number of its label: read it with \`numpy.array(PIL.Image.open(file))\`. Readers that convert palettes to RGB, such as OpenCV, return the colours.
${PICTURE_LISTS}`,
    ignored: 'They have the palette index 255 in the masks.',
    keypoints: `In \`pairs.jsonl\`: ${KEYPOINT_CELLS}`,
  },
  needs: 'masks',
  write(input) {
    const palette = paletteOf(input.dataset.colours);
    return writePictures(input, ({ mask }) => toPalettePng(mask, palette));
  },
};
