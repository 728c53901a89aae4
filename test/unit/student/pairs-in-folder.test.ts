import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { pairsInFolder } from '../../../src/student/pairs-in-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'datasetgan-pairs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(() => {
  for (const name of ['images', 'masks']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ['seed-2.png', 'seed-1.png']) writeFileSync(join(folder, 'images', name), '');
  const labels = ['background', 'ear'].map((name, value) => ({ value, name, colour: '#000' }));
  writeFileSync(join(folder, 'labels.json'), JSON.stringify({ labels, ignore: 255 }));
  const cell = (name: string, x: number | null, visibility: number) => ({ name, x, y: x, visibility, score: null });
  const rows = [
    { name: 'seed-1', split: 'train', keypoints: [cell('eye', 3.5, 2), cell('tail', null, 0)] },
    { name: 'seed-2', split: 'val', keypoints: [cell('eye', 4, 1), cell('tail', 9, 2)] },
  ];
  writeFileSync(join(folder, 'pairs.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
});

test('pairs of an export come by name, with their keypoints', async () => {
  const { labels, keypoints, pairs } = await pairsInFolder(folder);
  expect([labels, keypoints]).toEqual([
    ['background', 'ear'],
    ['eye', 'tail'],
  ]);
  const pair = (name: string) => ({ picture: join(folder, 'images', `${name}.png`), map: join(folder, 'masks', `${name}.png`) });
  expect(pairs).toEqual([
    { ...pair('seed-1'), keypoints: [{ x: 3.5, y: 3.5 }, null] },
    {
      ...pair('seed-2'),
      keypoints: [
        { x: 4, y: 4, occluded: true },
        { x: 9, y: 9 },
      ],
    },
  ]);
});

test('a dataset without keypoints has none', async () => {
  writeFileSync(join(folder, 'pairs.jsonl'), `${JSON.stringify({ name: 'seed-1', split: 'train' })}\n`);
  const { keypoints, pairs } = await pairsInFolder(folder);
  expect(keypoints).toEqual([]);
  expect(pairs.map((own) => own.keypoints)).toEqual([null, null]);
});

test('a file that is damaged is named, with what to do', async () => {
  writeFileSync(join(folder, 'pairs.jsonl'), '{"name": 3}\n');
  await expect(pairsInFolder(folder)).rejects.toMatchObject({
    code: 'bad-annotation',
    message: expect.stringContaining('pairs.jsonl'),
    fix: 'Export the dataset again, with --format index-png.',
  });
  await expect(pairsInFolder(join(folder, 'elsewhere'))).rejects.toThrow('labels.json');
});
