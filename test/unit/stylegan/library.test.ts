import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stylegan2Graphs } from '../../../src/stylegan/graph/stylegan2.ts';
import { GeneratorLibrary } from '../../../src/stylegan/library.ts';
import { writeGenerator } from '../../../src/stylegan/write-generator.ts';
import { PORTRAITS } from '../../support/golden.ts';
import { TINY_SETTINGS, tinyStylegan2 } from '../../support/tiny-stylegan2.ts';

let own: string;
beforeEach(async () => {
  own = await mkdtemp(join(tmpdir(), 'library-'));
});
afterEach(() => rm(own, { recursive: true }));

function write(name: string, channels: number[]) {
  const tensors = tinyStylegan2({ channels });
  const described = { name, psi: 1, cutoff: null, source: 'random', licence: 'none', commercialUse: false, note: '' };
  return writeGenerator(join(own, name), tensors, stylegan2Graphs(tensors, TINY_SETTINGS), described);
}

test('generators of all folders, by name and by id', async () => {
  const tiny = await write('tiny', [2, 2]);
  const library = new GeneratorLibrary([join(PORTRAITS, '..'), own, join(own, 'not-there')]);
  const { generators, problems } = await library.list();
  expect(generators.map(({ card }) => card.name)).toEqual(['portraits-256', 'tiny']);
  expect(problems).toEqual([]);
  expect(await library.find('tiny')).toEqual(tiny);
  expect(await library.find(tiny.card.id)).toEqual(tiny);
  await expect(library.find('car')).rejects.toMatchObject({
    code: 'unknown-generator',
    message: "There is no generator 'car'.",
    fix: 'Available: portraits-256, tiny.',
  });
});

test('each is opened once; one that comes later is found', async () => {
  await write('tiny', [2, 2]);
  const library = new GeneratorLibrary([own]);
  const first = await library.find('tiny');
  expect(await library.find('tiny')).toBe(first);
  await write('later', [3, 2]);
  expect((await library.find('later')).card.name).toBe('later');
  expect(await library.find('tiny')).toBe(first);
});

test('a damaged folder hides no other one, and says what is wrong when asked for', async () => {
  await write('tiny', [2, 2]);
  await mkdir(join(own, 'broken'));
  await writeFile(join(own, 'broken', 'generator.json'), '{"format": 1}');
  await mkdir(join(own, '.half-written.tmp'));
  const library = new GeneratorLibrary([own]);
  expect((await library.find('tiny')).card.name).toBe('tiny');
  await expect(library.find('broken')).rejects.toMatchObject({ code: 'bad-generator' });
  expect((await library.list()).problems).toMatchObject([{ folder: join(own, 'broken'), error: { code: 'bad-generator' } }]);
  await rm(join(own, 'broken'), { recursive: true });
  await write('broken', [2, 2]);
  expect((await library.find('broken')).card.name).toBe('broken');
});
