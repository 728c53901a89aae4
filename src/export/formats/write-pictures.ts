import type { ExportDataset } from '../export-dataset.ts';
import type { ExportFormat, FormatInput, SplitPair } from '../export-format.ts';
import { jsonText } from '../json-text.ts';
import { utf8 } from '../targets/export-target.ts';
import { keypointEntry } from './keypoint-column.ts';

/** Kinds of files that writePictures writes, for the metadata. */
export const PICTURE_KINDS = [
  { name: 'pictures', files: 'images/*', type: 'image/png' },
  { name: 'masks', files: 'masks/*.png', type: 'image/png' },
  { name: 'facts', files: 'pairs.jsonl', type: 'application/jsonlines' },
] as const satisfies ExportFormat['kinds'];

/** What the dataset card says of the files beside pictures and masks. */
export const PICTURE_LISTS = `- \`labels.json\`: number, name and colour of each label.
- \`train.txt\`, \`val.txt\`: the names of each split.
- \`pairs.jsonl\`: the facts about each pair.`;

/** Files of the formats that are a folder of pictures and a folder of masks. */
export async function writePictures(
  { dataset, pairs, target }: FormatInput,
  maskOf: (pair: SplitPair) => Uint8Array,
): Promise<void> {
  const lists = { train: await target.open('train.txt'), val: await target.open('val.txt') };
  const facts = await target.open('pairs.jsonl');
  for await (const pair of pairs) {
    const { name, split, image, extension } = pair;
    await target.write(`images/${name}.${extension}`, image);
    await target.write(`masks/${name}.png`, maskOf(pair));
    await lists[split].append(`${name}\n`);
    await facts.append(`${jsonText({ name, split, ...pair.facts, ...keypointEntry(dataset, pair) })}\n`);
  }
  for (const file of [lists.train, lists.val, facts]) await file.close();
  await target.write('labels.json', utf8(labelsJson(dataset)));
}

/** Number, name and colour of each label, for people and programs. */
function labelsJson({ labels, colours }: Pick<ExportDataset, 'labels' | 'colours'>): string {
  const rows = labels.map((name, value) => ({ value, name, colour: colours[value] }));
  return `${jsonText({ labels: rows, ignore: 255 }, 1)}\n`;
}
