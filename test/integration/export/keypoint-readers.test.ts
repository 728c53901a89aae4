import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FormatName } from '../../../src/export/format-names.ts';
import { folderTarget } from '../../../src/export/targets/folder-target.ts';
import { writeFormats } from '../../../src/export/write-formats.ts';
import { KEYPOINTS } from '../../../src/stylegan/portraits/parts.ts';
import { maskless, pointedDataset, portraitPoints, runHere } from '../../support/export-pairs.ts';
import { has, READERS_PYTHON } from '../../support/needs.ts';

const COUNT = 7;
const both = pointedDataset(COUNT);
const SCRIPT = fileURLToPath(new URL('keypoint-readers.py', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'datasetgan-keypoint-readers-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Found {
  readonly names: readonly string[];
  readonly points: Readonly<Record<string, readonly (readonly [number, number, number] | null)[]>>;
  readonly skeleton?: readonly unknown[];
  readonly flipped?: readonly number[];
  readonly precision?: Readonly<Record<'same' | 'beside', readonly number[]>>;
}

/** The formats' own readers: pycocotools, ultralytics' label parser, pandas as DeepLabCut calls it, Hugging Face's datasets. */
const READS = ['coco-keypoints', 'yolo-pose', 'deeplabcut', 'webdataset', 'imagefolder', 'parquet'] as const;
const CASES = READS.flatMap((format) => [[format, 'with masks'] as const, [format, 'without masks'] as const]);

test.runIf(has('readers')).each(CASES)('%s, %s, by its own reader', async (format: FormatName, masks) => {
  const out = join(folder, `${format}-${masks.replace(' ', '-')}`);
  const dataset = masks === 'with masks' ? both : pointedDataset(COUNT, maskless(both.labels));
  await writeFormats([format], dataset, await folderTarget(out), { run: runHere });
  const args = [SCRIPT, format, out, join(folder, 'cache')];
  const { stdout } = await promisify(execFile)(READERS_PYTHON, args, { maxBuffer: 1e8 });
  const { names, points, skeleton, flipped, precision } = JSON.parse(stdout) as Found;
  expect(names).toEqual(KEYPOINTS);
  expect(Object.keys(points).length).toBe(COUNT);
  for (let seed = 0; seed < COUNT; seed++) {
    const read = points[`seed-${seed}`]!;
    const truth = portraitPoints(seed);
    expect(read.map((point) => point === null)).toEqual(truth.map((point) => point === null));
    for (const [index, point] of truth.entries()) {
      if (point === null) continue;
      const [x, y, visibility] = read[index]!;
      expect(Math.hypot(x - point.x, y - point.y)).toBeLessThan(0.0075);
      // DeepLabCut has none.
      if (format !== 'deeplabcut') expect(visibility).toBe(point.occluded ? 1 : 2);
    }
  }
  if (format === 'coco-keypoints') {
    expect(skeleton).toEqual([
      [1, 3],
      [2, 3],
      [4, 6],
    ]);
    for (const own of precision!.same) expect(own).toBeCloseTo(1, 12);
    expect(Math.max(...precision!.beside)).toBeLessThan(0.5);
  }
  if (format === 'yolo-pose') expect(flipped).toEqual([1, 0, 2, 4, 3, 5, 6, 8, 7]);
});
