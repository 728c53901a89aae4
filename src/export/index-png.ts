import type { ExportFormat } from './export-format.ts';
import { writePictures } from './write-pictures.ts';

/** `images/NAME.png` and `masks/NAME.png`, one grey value a label. */
export const indexPng: ExportFormat = {
  title: 'Index PNG',
  kinds: [
    { name: 'pictures', files: 'images/*', type: 'image/png' },
    { name: 'masks', files: 'masks/*.png', type: 'image/png' },
    { name: 'facts', files: 'pairs.jsonl', type: 'application/jsonlines' },
  ],
  notes: {
    layout: `- \`images/\`: the pictures.
- \`masks/\`: an 8-bit grey PNG of the same name and size for each; the grey value of a pixel is the number of its label.
- \`labels.json\`: number, name and colour of each label.
- \`train.txt\`, \`val.txt\`: the names of each split.
- \`pairs.jsonl\`: what is known of each pair.`,
    ignored: 'They have the value 255 in the masks (`ignore_index=255` in most trainers).',
  },
  write: (input) => writePictures(input, ({ mask }) => mask),
};
