import type { ExportFormat, SplitPair } from '../export-format.ts';
import { SPLITS, type Split } from '../split.ts';
import type { ExportFile } from '../targets/export-target.ts';
import { hundredths } from './hundredths.ts';

const SCORER = 'datasetgan';
/** Where DeepLabCut looks for labelled pictures. */
const ROOT = 'labeled-data';
/** Columns that name the picture: its folders and its file. */
const PATH_COLUMNS = 3;

/** The three rows of column names: who labelled, which body part, which coordinate. */
export function deepLabCutHeader(names: readonly string[]): string {
  const row = (title: string, cells: readonly string[]) =>
    csvRow([title, ...new Array<string>(PATH_COLUMNS - 1).fill(''), ...cells]);
  return (
    row(
      'scorer',
      names.flatMap(() => [SCORER, SCORER]),
    ) +
    row(
      'bodyparts',
      names.flatMap((name) => [name, name]),
    ) +
    row(
      'coords',
      names.flatMap(() => ['x', 'y']),
    )
  );
}

/** A picture's row: its path, then x and y of each keypoint in pixels from the centre of the top-left one; empty where it is absent. */
export function deepLabCutRow(
  { name, extension, split, keypoints }: Pick<SplitPair, 'name' | 'extension' | 'split' | 'keypoints'>,
  names: readonly string[],
): string {
  const cells = names.flatMap((_, index) => {
    const point = keypoints?.[index] ?? null;
    return point === null ? ['', ''] : [point.x, point.y].map((pixels) => String(hundredths(pixels - 0.5)));
  });
  return csvRow([ROOT, split, `${name}.${extension}`, ...cells]);
}

/** `labeled-data/SPLIT/CollectedData_datasetgan.csv` beside the pictures of the split. */
export const deepLabCut: ExportFormat = {
  title: 'DeepLabCut',
  kinds: [
    { name: 'pictures', files: `${ROOT}/*/*.png`, type: 'image/png' },
    { name: 'keypoints', files: `${ROOT}/*/*.csv`, type: 'text/csv' },
  ],
  notes: {
    layout: `- \`${ROOT}/train/\`, \`${ROOT}/val/\`: the pictures, and \`CollectedData_${SCORER}.csv\` with one row for each picture.
- Copy both folders into the \`${ROOT}\` of your project, whose \`bodyparts\` are these keypoints in this order.
  Then \`deeplabcut.convertcsv2h5(config, scorer="${SCORER}")\` makes the files that it trains on.
- Or read a table with \`pandas.read_csv(file, header=[0, 1, 2], index_col=[0, 1, 2])\`.`,
    keypoints: `x and y of each in pixels. (0, 0) is the centre of the top-left pixel. Both are empty where it is absent.
DeepLabCut has no visibility: an occluded keypoint is written as a visible one.`,
  },
  needs: 'keypoints',
  async write({ dataset, pairs, target }) {
    const { names } = dataset.keypoints!;
    const tables: Partial<Record<Split, ExportFile>> = {};
    const open = async (split: Split) => {
      const file = await target.open(`${ROOT}/${split}/CollectedData_${SCORER}.csv`);
      await file.append(deepLabCutHeader(names));
      return file;
    };
    for await (const pair of pairs) {
      await target.write(`${ROOT}/${pair.split}/${pair.name}.${pair.extension}`, pair.image);
      tables[pair.split] ??= await open(pair.split);
      await tables[pair.split]!.append(deepLabCutRow(pair, names));
    }
    for (const split of SPLITS) await tables[split]?.close();
  },
};

/** Cells as RFC 4180 has them, with line feeds. */
function csvRow(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`;
}
