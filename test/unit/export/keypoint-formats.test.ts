import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExportDataset } from '../../../src/export/export-dataset.ts';
import { defaultFormats, fittingFormats } from '../../../src/export/fitting-formats.ts';
import { FORMAT_NAMES, type FormatName } from '../../../src/export/format-names.ts';
import { requireFormat } from '../../../src/export/formats.ts';
import { folderTarget } from '../../../src/export/targets/folder-target.ts';
import { writeFormats } from '../../../src/export/write-formats.ts';
import { maskless, pointedDataset, portraitDataset, portraitPoints, runHere } from '../../support/export-pairs.ts';
import { KEYPOINT_READERS } from '../../support/keypoint-readers.ts';

const COUNT = 5;
const both = pointedDataset(COUNT);
const alone = pointedDataset(COUNT, maskless(both.labels));
const HOLDERS = Object.keys(KEYPOINT_READERS) as FormatName[];
const NEEDS_MASKS = ['index-png', 'palette-png', 'voc', 'coco', 'coco-panoptic', 'yolo-seg'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'datasetgan-keypoints-'));
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function written(name: FormatName, dataset: ExportDataset): Promise<string> {
  const out = await mkdtemp(join(folder, `${name}-`));
  await rm(out, { recursive: true });
  await writeFormats([name], dataset, await folderTarget(out), { run: runHere });
  return out;
}

describe.each([
  ['with masks', both],
  ['without masks', alone],
] as const)('%s', (_, dataset) => {
  test.each(fittingFormats(FORMAT_NAMES, dataset).filter((name) => HOLDERS.includes(name)))(
    '%s: a reader of its rules finds every keypoint',
    async (name) => {
      const out = await written(name, dataset);
      const { names, points } = await KEYPOINT_READERS[name]!(out);
      expect(names).toEqual(dataset.keypoints!.names);
      expect(points.size).toBe(COUNT);
      for (let seed = 0; seed < COUNT; seed++) {
        const read = points.get(`seed-${seed}`)!;
        const truth = portraitPoints(seed);
        expect(read!.map((point) => point === null)).toEqual(truth.map((point) => point === null));
        for (const [index, point] of truth.entries()) {
          if (point === null) continue;
          const own = read![index]!;
          expect(Math.hypot(own.x - point.x, own.y - point.y)).toBeLessThan(0.0075);
          if (own.visibility !== null) expect(own.visibility).toBe(point.occluded ? 1 : 2);
        }
      }
      expect(await readFile(join(out, 'README.md'), 'utf8')).toContain('| 8 | ear-right |  |');
    },
  );
});

test('a format without a place for keypoints says so on its card', async () => {
  for (const name of FORMAT_NAMES) {
    const says = (await readFile(join(await written(name, both), 'README.md'), 'utf8')).includes('they are left out');
    expect(says, name).toBe(!HOLDERS.includes(name));
  }
});

test('without masks there are no files of masks, and nothing is said of labels', async () => {
  const out = await written('imagefolder', alone);
  await expect(access(join(out, 'train/masks'))).rejects.toThrow('ENOENT');
  const card = await readFile(join(out, 'README.md'), 'utf8');
  expect(card).toContain('There are no masks in this dataset.');
  expect(card).toContain('task_categories:\n- keypoint-detection\n');
  expect(card).not.toContain('## Labels');
});

test('nothing of keypoints is written where a dataset has none', async () => {
  const out = await written('imagefolder', portraitDataset(2));
  expect(await readFile(join(out, 'README.md'), 'utf8')).not.toMatch(/keypoint/i);
  expect(await readFile(join(out, 'train/metadata.jsonl'), 'utf8')).not.toContain('keypoints');
});

test('formats for masks are refused without masks, and skipped where all are asked for; so are those for keypoints', () => {
  expect(FORMAT_NAMES.filter((name) => requireFormat(name).needs === 'masks')).toEqual(NEEDS_MASKS);
  expect(fittingFormats(FORMAT_NAMES, alone)).toEqual(FORMAT_NAMES.filter((name) => !NEEDS_MASKS.includes(name)));
  expect(() => fittingFormats(['parquet', 'coco'], alone)).toThrow("The format 'coco' is for masks, and there are none.");
  expect(() => fittingFormats(['yolo-pose'], portraitDataset(1))).toThrow(
    "The format 'yolo-pose' is for keypoints, and there are none.",
  );
  expect(fittingFormats(['yolo-pose', 'voc'], both)).toEqual(['yolo-pose', 'voc']);
  expect([defaultFormats(both), defaultFormats(alone)]).toEqual([['index-png'], ['coco-keypoints']]);
});

test('Label Studio: predictions have a score, what people put has none; occluded is said where the label config asks for it', async () => {
  interface Region {
    readonly type: string;
    readonly origin: string;
    readonly score?: number;
  }
  const regions = async (dataset: ExportDataset) => {
    const [, second] = JSON.parse(await readFile(join(await written('label-studio', dataset), 'tasks-00000.json'), 'utf8')) as {
      predictions?: { result: Region[] }[];
      annotations?: { result: Region[] }[];
    }[];
    return (second!.predictions ?? second!.annotations)![0]!.result.filter(({ type }) => type !== 'brushlabels');
  };
  const predicted = await regions(both);
  const points = predicted.filter(({ type }) => type === 'keypointlabels');
  expect(points.every(({ origin, score }) => origin === 'prediction' && score !== undefined)).toBe(true);
  expect(predicted.filter(({ type }) => type === 'choices').length).toBe(1);
  const people = pointedDataset(2, {
    labelling: { config: both.labelling.config.replace(/<Choices.*<\/Choices>/, ''), version: null },
    async *pairs() {
      for await (const pair of pointedDataset(2).pairs())
        yield {
          ...pair,
          keypoints: pair.keypoints!.map((point) => point && { x: point.x, y: point.y, occluded: true as const }),
        };
    },
  });
  const marked = await regions(people);
  expect(marked.length).toBe(portraitPoints(1).filter((point) => point !== null).length);
  expect(marked.every(({ type, origin, score }) => type === 'keypointlabels' && origin === 'manual' && score === undefined)).toBe(
    true,
  );
});
