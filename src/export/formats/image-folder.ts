import type { ExportFormat } from '../export-format.ts';
import { jsonText } from '../json-text.ts';

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
  },
  dataFiles: (split) => `${FOLDERS[split]}/**`,
  async write({ pairs, target }) {
    const open = (split: keyof typeof FOLDERS) => target.open(`${FOLDERS[split]}/metadata.jsonl`);
    const rows = { train: undefined, val: undefined } as Record<
      keyof typeof FOLDERS,
      Awaited<ReturnType<typeof open>> | undefined
    >;
    for await (const { name, split, image, extension, mask, facts } of pairs) {
      const row = { file_name: `images/${name}.${extension}`, mask_file_name: `masks/${name}.png`, name, ...facts };
      await target.write(`${FOLDERS[split]}/${row.file_name}`, image);
      await target.write(`${FOLDERS[split]}/${row.mask_file_name}`, mask);
      rows[split] ??= await open(split);
      await rows[split].append(`${jsonText(row)}\n`);
    }
    for (const file of Object.values(rows)) await file?.close();
  },
};
