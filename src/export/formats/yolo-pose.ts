import { flipIndex } from '../../keypoints/flip-index.ts';
import type { ExportPair } from '../export-dataset.ts';
import type { ExportFormat, SplitPair } from '../export-format.ts';
import { jsonText } from '../json-text.ts';
import { utf8 } from '../targets/export-target.ts';
import { type KeypointObject, withObjects } from './keypoint-object.ts';

/** x, y, visibility. */
const DIMENSIONS = 3;
/** Of a share of the picture's side: a thousandth of a pixel in a picture of 1,000. */
const DIGITS = 6;

/**
 * The row of a picture's object: its class; as shares of width and height the middle and the size of its box; then x, y and visibility of each
 * keypoint, 0 where it is absent, 1 where it is occluded, else 2.
 */
export function yoloPoseRow(
  { width, height, keypoints = [] }: Pick<ExportPair, 'width' | 'height' | 'keypoints'>,
  { box: [x, y, w, h] }: Pick<KeypointObject, 'box'>,
): string {
  // Readers take values from 0 to 1 only.
  const share = (pixels: number, side: number) => Math.min(1, Math.max(0, pixels / side)).toFixed(DIGITS);
  const box = [share(x + w / 2, width), share(y + h / 2, height), share(w, width), share(h, height)];
  const points = keypoints.map((point) =>
    point === null ? '0 0 0' : `${share(point.x, width)} ${share(point.y, height)} ${point.occluded ? 1 : 2}`,
  );
  return `${[0, ...box, ...points].join(' ')}\n`;
}

/** `images/SPLIT/`, `labels/SPLIT/` and `data.yaml`. */
export const yoloPose: ExportFormat = {
  title: 'YOLO pose',
  kinds: [
    { name: 'pictures', files: 'images/*/*', type: 'image/png' },
    { name: 'keypoints', files: 'labels/*/*.txt', type: 'text/plain' },
  ],
  notes: {
    layout: `- \`data.yaml\`: \`yolo pose train data=data.yaml\`. It has the one class \`object\`, \`kpt_shape\` and the names of the keypoints.
  It has \`flip_idx\` where names say left and right. Without it the trainer does not mirror pictures.
- \`images/train/\`, \`images/val/\`: the pictures. Those of whose keypoints nothing is known are left out.
- \`labels/train/\`, \`labels/val/\`: a text file for each picture, with one row: class, box, keypoints.
  The box is of the mask of all labels together. Without a mask it is the box around the points, with a margin.`,
    ignored: 'They belong to no object.',
    keypoints: `x, y and visibility of each: 0 absent (x and y are 0), 1 occluded, 2 visible.
x and y are shares of width and height, from the corner of the picture.`,
  },
  needs: 'keypoints',
  async write({ dataset, pairs, target, run }) {
    let validation = 0;
    for await (const [pair, object] of withObjects(dataset, withKeypoints(pairs), run)) {
      await target.write(`images/${pair.split}/${pair.name}.${pair.extension}`, pair.image);
      await target.write(`labels/${pair.split}/${pair.name}.txt`, utf8(object === null ? '' : yoloPoseRow(pair, object)));
      if (pair.split === 'val') validation++;
    }
    const { names } = dataset.keypoints!;
    const flipped = flipIndex(names);
    const yaml = [
      `path: .`,
      `train: images/train`,
      // A trainer refuses a folder without pictures.
      `val: ${validation > 0 ? 'images/val' : 'images/train'}`,
      `kpt_shape: ${jsonText([names.length, DIMENSIONS])}`,
      ...(flipped === undefined ? [] : [`flip_idx: ${jsonText(flipped)}`]),
      `names:`,
      `  0: object`,
      `kpt_names:`,
      `  0: ${jsonText(names)}`,
    ];
    await target.write('data.yaml', utf8(`${yaml.join('\n')}\n`));
  },
};

/** A row has no way to say that nothing is known: absent keypoints teach that they are. */
async function* withKeypoints(pairs: AsyncIterable<SplitPair>): AsyncGenerator<SplitPair> {
  for await (const pair of pairs) if (pair.keypoints !== undefined) yield pair;
}
