import type { ExportFormat } from '../export-format.ts';
import { hasMasks } from '../has-masks.ts';
import { jsonText } from '../json-text.ts';
import { KEYPOINT_CELLS, keypointEntry } from './keypoint-column.ts';

/** Hugging Face takes folders of these names for its splits. */
const FOLDERS = { train: 'train', val: 'validation' } as const;

/** What `load_dataset('imagefolder')` reads. */
export const imageFolder: ExportFormat = {
  title: 'Hugging Face imagefolder',
  kinds: [
    { name: 'pictures', files: '*/images/*', type: 'image/png' },
    { name: 'masks', files: '*/masks/*.png', type: 'image/png' },
    { name: 'facts', files: '*/metadata.jsonl', type: 'application/jsonlines' },
  ],
  notes: {
    layout: `- \`train/\`, \`validation/\`: \`load_dataset("imagefolder", data_dir=…)\` gives the columns \`image\`, \`mask\` and the facts about each pair.
  Masks are 8-bit grey, and the grey value of a pixel is the number of its label. \`metadata.jsonl\` says which files belong together.`,
    ignored: 'They have the value 255 in the masks (`ignore_index=255` in most trainers).',
    keypoints: `In the column \`keypoints\`: ${KEYPOINT_CELLS}`,
  },
  dataFiles: (split) => `${FOLDERS[split]}/**`,
  async write({ dataset, pairs, target }) {
    const open = (split: keyof typeof FOLDERS) => target.open(`${FOLDERS[split]}/metadata.jsonl`);
    const rows = { train: undefined, val: undefined } as Record<
      keyof typeof FOLDERS,
      Awaited<ReturnType<typeof open>> | undefined
    >;
    for await (const pair of pairs) {
      const { name, split, image, extension, mask, facts } = pair;
      const file_name = `images/${name}.${extension}`;
      const masks = hasMasks(dataset) ? { mask_file_name: `masks/${name}.png` } : undefined;
      const row = { file_name, ...masks, name, ...facts, ...keypointEntry(dataset, pair) };
      await target.write(`${FOLDERS[split]}/${file_name}`, image);
      if (masks !== undefined) await target.write(`${FOLDERS[split]}/${masks.mask_file_name}`, mask);
      rows[split] ??= await open(split);
      await rows[split].append(`${jsonText(row)}\n`);
    }
    for (const file of Object.values(rows)) await file?.close();
  },
};
