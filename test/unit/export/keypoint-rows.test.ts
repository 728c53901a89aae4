import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ExportDataset, ExportPair } from '../../../src/export/export-dataset.ts';
import type { FormatName } from '../../../src/export/format-names.ts';
import { folderTarget } from '../../../src/export/targets/folder-target.ts';
import { writeFormats } from '../../../src/export/write-formats.ts';
import { encodeIndexPng, encodeRgbPng } from '../../../src/masks/png/png.ts';
import { portraitDataset, runHere } from '../../support/export-pairs.ts';

const SIDE = 8;
const NAMES = ['left eye', 'right eye', 'nose'];

async function pair(name: string, data: Partial<ExportPair>): Promise<ExportPair> {
  const mask = new Uint8Array(SIDE * SIDE);
  // Columns 2 to 4 of rows 1 and 2: two parts side by side, and a pixel to be ignored.
  mask.set([1, 2, 2], SIDE + 2);
  mask.set([1, 1, 255], 2 * SIDE + 2);
  return {
    name,
    image: await encodeRgbPng(new Uint8Array(3 * SIDE * SIDE), SIDE, SIDE),
    extension: 'png',
    width: SIDE,
    height: SIDE,
    mask: await encodeIndexPng({ width: SIDE, height: SIDE, data: mask }),
    key: name,
    facts: { seed: 1 },
    ...data,
  };
}

const PAIRS = [
  await pair('a', { keypoints: [{ x: 2.256, y: 1.5, score: 0.9 }, { x: 4, y: 2, occluded: true, score: 0.5 }, null] }),
  await pair('b', {}),
  await pair('c', { keypoints: [null, null, null] }),
];

const dataset = (change: Partial<ExportDataset> = {}): ExportDataset => ({
  ...portraitDataset(PAIRS.length),
  labels: ['Background', 'Hair', 'Face'],
  keypoints: { names: NAMES, skeleton: [[0, 2]] },
  factKinds: { seed: 'integer' },
  validation: 0,
  async *pairs() {
    yield* PAIRS;
  },
  ...change,
});
const maskless = dataset({ labels: ['Background'] });

const folder = await mkdtemp(join(tmpdir(), 'datasetgan-rows-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(format: FormatName, of: ExportDataset, file: string): Promise<string> {
  const out = await mkdtemp(join(folder, `${format}-`));
  await rm(out, { recursive: true });
  await writeFormats([format], of, await folderTarget(out), { run: runHere });
  return await readFile(join(out, file), 'utf8');
}

test('COCO: pixels from the centre of the first one; box and area of all parts together', async () => {
  const { categories, annotations } = JSON.parse(
    await read('coco-keypoints', dataset(), 'annotations/person_keypoints_train.json'),
  ) as { categories: unknown; annotations: unknown };
  expect(categories).toEqual([{ id: 1, name: 'object', supercategory: 'object', keypoints: NAMES, skeleton: [[1, 3]] }]);
  // Columns first: 17 zeros, then 2, 2 and 1 pixels of three columns.
  const object = {
    category_id: 1,
    bbox: [2, 1, 3, 2],
    area: 5,
    segmentation: { size: [SIDE, SIDE], counts: expect.any(String) as string },
    iscrowd: 0,
  };
  const nothing = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  expect(annotations).toEqual([
    { id: 1, image_id: 1, ...object, keypoints: [1.76, 1, 2, 3.5, 1.5, 1, 0, 0, 0], num_keypoints: 2 },
    { id: 2, image_id: 2, ...object, keypoints: nothing, num_keypoints: 0 },
    { id: 3, image_id: 3, ...object, keypoints: nothing, num_keypoints: 0 },
  ]);
});

test('COCO without masks: the box around the points, a fiftieth of the picture or a tenth of itself wider on each side', async () => {
  const { images, annotations } = JSON.parse(
    await read('coco-keypoints', maskless, 'annotations/person_keypoints_train.json'),
  ) as { images: unknown[]; annotations: unknown };
  expect(images.length).toBe(3);
  const [x, y, w, h] = [2.08, 1.33, 2.09, 0.85];
  expect(annotations).toEqual([
    {
      id: 1,
      image_id: 1,
      category_id: 1,
      keypoints: [1.76, 1, 2, 3.5, 1.5, 1, 0, 0, 0],
      num_keypoints: 2,
      bbox: [x, y, w, h],
      area: 1.78,
      segmentation: [],
      iscrowd: 0,
    },
  ]);
});

test('YOLO pose: shares of the picture; a picture of which nothing is known is left out', async () => {
  expect(await read('yolo-pose', dataset(), 'labels/train/a.txt')).toBe(
    '0 0.437500 0.250000 0.375000 0.250000 0.282000 0.187500 2 0.500000 0.250000 1 0 0 0\n',
  );
  expect(await read('yolo-pose', dataset(), 'labels/train/c.txt')).toBe(
    '0 0.437500 0.250000 0.375000 0.250000 0 0 0 0 0 0 0 0 0\n',
  );
  expect(await read('yolo-pose', maskless, 'labels/train/c.txt')).toBe('');
  await expect(read('yolo-pose', maskless, 'labels/train/b.txt')).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await read('yolo-pose', dataset(), 'data.yaml')).toBe(
    `path: .
train: images/train
val: images/train
kpt_shape: [3,3]
flip_idx: [1,0,2]
names:
  0: object
kpt_names:
  0: ["left eye","right eye","nose"]
`,
  );
});

test('YOLO pose: where no name says left or right, the trainer is told nothing of mirrored pictures', async () => {
  const plain = dataset({ keypoints: { names: ['a', 'b', 'c'], skeleton: [] } });
  expect(await read('yolo-pose', plain, 'data.yaml')).not.toContain('flip_idx');
});

test('DeepLabCut: three rows of column names, and a row for each picture', async () => {
  const commas = dataset({ keypoints: { names: ['eye, left', 'the "right" one', 'nose'], skeleton: [] } });
  expect(await read('deeplabcut', commas, 'labeled-data/train/CollectedData_datasetgan.csv')).toBe(
    `scorer,,,datasetgan,datasetgan,datasetgan,datasetgan,datasetgan,datasetgan
bodyparts,,,"eye, left","eye, left","the ""right"" one","the ""right"" one",nose,nose
coords,,,x,y,x,y,x,y
labeled-data,train,a.png,1.76,1,3.5,1.5,,
labeled-data,train,b.png,,,,,,
labeled-data,train,c.png,,,,,,
`,
  );
});

test('the column of the other formats names every keypoint, and says nothing where nothing is known', async () => {
  const absent = { x: null, y: null, visibility: 0, score: null };
  const known = [
    [
      { name: 'left eye', x: 2.26, y: 1.5, visibility: 2, score: 0.9 },
      { name: 'right eye', x: 4, y: 2, visibility: 1, score: 0.5 },
      { name: 'nose', ...absent },
    ],
    null,
    NAMES.map((name) => ({ name, ...absent })),
  ];
  const lines = (await read('imagefolder', maskless, 'train/metadata.jsonl')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
    PAIRS.map(({ name }, index) => ({ file_name: `images/${name}.png`, name, seed: 1, keypoints: known[index] })),
  );
  const listed = (await read('index-png', dataset(), 'pairs.jsonl')).trim().split('\n');
  expect(listed.map((line) => JSON.parse(line) as unknown)).toEqual(
    PAIRS.map(({ name }, index) => ({ name, split: 'train', seed: 1, keypoints: known[index] })),
  );
});
