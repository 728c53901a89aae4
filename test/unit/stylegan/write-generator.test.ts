import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openGenerator, synthesisModel } from '../../../src/stylegan/generator.ts';
import type { GeneratorCard } from '../../../src/stylegan/generator-card.ts';
import { stylegan2Graphs } from '../../../src/stylegan/graph/stylegan2.ts';
import { type GeneratorDescription, writeGenerator } from '../../../src/stylegan/write-generator.ts';
import { TINY_SETTINGS, tinyStylegan2 } from '../../support/tiny-stylegan2.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'generators-'));
});
afterEach(() => rm(root, { recursive: true }));

const DESCRIPTION: GeneratorDescription = {
  name: 'tiny',
  psi: 0.7,
  cutoff: 2,
  source: 'random',
  licence: 'Apache-2.0',
  commercialUse: null,
  note: '',
};

function write(folder: string, described: Partial<GeneratorDescription> = {}) {
  const tensors = tinyStylegan2();
  return writeGenerator(join(root, folder), tensors, stylegan2Graphs(tensors, TINY_SETTINGS), { ...DESCRIPTION, ...described });
}

const refused = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message), fix: expect.any(String) });

test('a folder is whole, opens again, and has the same bytes every time', async () => {
  const first = await write('first');
  const second = await write('second');
  expect(first.card).toMatchObject({
    name: 'tiny',
    resolution: 16,
    labelSize: { width: 16, height: 16 },
    rows: { from: 0, to: 16 },
  });
  expect(await openGenerator(first.folder)).toEqual(first);
  expect((await readdir(root)).sort()).toEqual(['first', 'second']);
  expect((await readdir(first.folder)).sort()).toEqual(['generator.json', 'mapping.onnx', 'synthesis.onnx']);
  for (const file of await readdir(first.folder))
    expect(await readFile(join(second.folder, file)), file).toEqual(await readFile(join(first.folder, file)));
});

test('the synthesis model comes back as it was built', async () => {
  const generator = await write('tiny');
  const { synthesis } = stylegan2Graphs(tinyStylegan2(), TINY_SETTINGS);
  expect(await synthesisModel(generator)).toEqual(synthesis);
});

test('labels of a crop: rows and width', async () => {
  const { card } = await write('crop', { rows: { from: 4, to: 12 }, labelWidth: 8 });
  expect(card.labelSize).toEqual({ width: 8, height: 4 });
  expect(card.id).not.toBe((await write('whole')).card.id);
  expect((await write('other', { name: 'other', psi: 1, licence: 'MIT' })).card.id).toBe((await write('same')).card.id);
});

test.each<[string, Partial<GeneratorDescription>]>([
  ['name', { name: '../evil' }],
  ['cutoff', { cutoff: 7 }],
  ['rows', { rows: { from: 8, to: 20 } }],
  ['rows', { rows: { from: 8, to: 8 } }],
  ['rows', { rows: { from: 1, to: 15 }, labelWidth: 8 }],
  ['labelSize', { rows: { from: 0, to: 11 }, labelWidth: 8 }],
  ['psi', { psi: Number.NaN }],
  ['licence', { licence: '' }],
])('a description with a wrong %s is refused: %o', async (field, wrong) => {
  await expect(write('bad', wrong)).rejects.toMatchObject({ code: 'bad-generator', message: expect.stringContaining(field) });
  expect(await readdir(root)).toEqual([]);
});

test('a folder that is there already is left alone', async () => {
  await write('tiny');
  await expect(write('tiny', { licence: 'MIT' })).rejects.toThrow(refused('bad-request', 'already'));
  expect((await openGenerator(join(root, 'tiny'))).card.licence).toBe('Apache-2.0');
});

test.each(['mapping.onnx', 'synthesis.onnx'] as const)('an altered, truncated or missing %s is refused', async (name) => {
  const { folder } = await write('tiny');
  const path = join(folder, name);
  const bytes = await readFile(path);
  const altered = Buffer.from(bytes);
  altered[altered.length - 5]! ^= 1;
  for (const content of [altered, bytes.subarray(0, -1), Buffer.alloc(0)]) {
    await writeFile(path, content);
    await expect(openGenerator(folder)).rejects.toThrow(refused('corrupt-file', name));
  }
  await rm(path);
  await expect(openGenerator(folder)).rejects.toThrow(refused('corrupt-file', name));
});

test.each<[string, (card: GeneratorCard) => unknown]>([
  ['generator.json is wrong', () => ({})],
  ['resolution', (card) => ({ ...card, resolution: 'big' })],
  ['id', (card) => ({ ...card, epsilon: 1e-5 })],
  ['id', (card) => ({ ...card, taps: [...card.taps].reverse() })],
  ['taps', (card) => ({ ...card, taps: [card.taps[0], card.taps[0]] })],
  ['wAvg', (card) => ({ ...card, wAvg: [1] })],
  ['format', (card) => ({ ...card, format: 2 })],
  ['generator.json cannot be read', () => undefined],
])('a wrong card is refused: %s', async (message, spoil) => {
  const { folder, card } = await write('tiny');
  await writeFile(join(folder, 'generator.json'), JSON.stringify(spoil(card)) ?? '{');
  await expect(openGenerator(folder)).rejects.toThrow(refused('bad-generator', message));
});

test('a folder without a card is refused', async () => {
  await expect(openGenerator(root)).rejects.toThrow(refused('bad-generator', 'generator.json'));
});
