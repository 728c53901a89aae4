import type { ExportFormat } from '../export-format.ts';
import { KEYPOINT_CELLS } from './keypoint-column.ts';
import { PICTURE_KINDS, PICTURE_LISTS, writePictures } from './write-pictures.ts';

/** `images/NAME.png` and `masks/NAME.png`, one grey value a label. */
export const indexPng: ExportFormat = {
  title: 'Index PNG',
  kinds: PICTURE_KINDS,
  notes: {
    layout: `- \`images/\`: the pictures.
- \`masks/\`: an 8-bit grey PNG with the name and size of its picture. The grey value of a pixel is the number of its label.
${PICTURE_LISTS}`,
    ignored: 'They have the value 255 in the masks (`ignore_index=255` in most trainers).',
    keypoints: `In \`pairs.jsonl\`: ${KEYPOINT_CELLS}`,
  },
  needs: 'masks',
  write: (input) => writePictures(input, ({ mask }) => mask),
};
