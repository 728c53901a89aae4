import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine } from '../../../src/engine/engine.ts';
import type { Generator } from '../../../src/stylegan/generator.ts';
import { stylegan2Graphs } from '../../../src/stylegan/graph/stylegan2.ts';
import { synthesisMemory } from '../../../src/stylegan/synthesis-memory.ts';
import { synthesizeImageTask } from '../../../src/stylegan/synthesize-image.ts';
import { writeGenerator } from '../../../src/stylegan/write-generator.ts';
import { TINY_SETTINGS, tinyStylegan2 } from '../../support/tiny-stylegan2.ts';
import { countedPictureTask } from './tasks.ts';

const NAMES = ['cats', 'dogs', 'cars'] as const;
/** Of each of them: its pictures and, as an estimate, its mapping network. */
const MAPPING_MEMORY = 64e6;

let folder: string;
let engine: Engine;
const generators = new Map<string, Generator>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'several-'));
  for (const [index, name] of NAMES.entries()) {
    const tensors = tinyStylegan2({ noise: true, channels: [4, 4, 3 + index] });
    const description = { name, psi: 1, cutoff: null, source: 'test', licence: 'CC0', commercialUse: null, note: '' };
    generators.set(name, await writeGenerator(join(folder, name), tensors, stylegan2Graphs(tensors, TINY_SETTINGS), description));
  }
  const largest = Math.max(...[...generators.values()].map(({ card }) => synthesisMemory(card)));
  // The interactive lane has a quarter: two of the three.
  engine = new Engine({ threads: 1, memoryLimit: 4 * 2 * (largest + MAPPING_MEMORY) });
});
afterAll(async () => {
  await engine?.close();
  await rm(folder, { recursive: true, force: true });
});

const input = (name: string, seed: number) => {
  const generator = generators.get(name)!;
  return { generator, image: { generator: generator.card.id, seed, class: null, psi: 1, cutoff: null } };
};

test('of several generators the one used longest ago is unloaded, and every picture stays as it is', async () => {
  const alone = async (name: string, seed: number) => {
    const other = new Engine({ threads: 1, memoryLimit: 1e9 });
    const { rgb } = await other.run(synthesizeImageTask, input(name, seed), { lane: 'interactive' });
    await other.close();
    return rgb;
  };
  let loads: Readonly<Record<string, number>> = {};
  const picture = async (name: string, seed: number) => {
    const made = await engine.run(countedPictureTask, input(name, seed), { lane: 'interactive' });
    loads = made.loads;
    return made.rgb;
  };
  const cats = await picture('cats', 1);
  const dogs = await picture('dogs', 1);
  expect(await picture('cats', 1)).toEqual(cats);
  expect(loads).toEqual({ cats: 1, dogs: 1 });
  // Memory for two: the dogs were used before the cats.
  const cars = await picture('cars', 1);
  expect(await picture('cats', 1)).toEqual(cats);
  expect(loads).toEqual({ cats: 1, dogs: 1, cars: 1 });
  expect(await picture('dogs', 1)).toEqual(dogs);
  expect(loads).toEqual({ cats: 1, dogs: 2, cars: 1 });
  expect(await picture('cars', 1)).toEqual(cars);
  expect(loads).toEqual({ cats: 1, dogs: 2, cars: 2 });

  expect(await alone('cats', 1)).toEqual(cats);
  expect(await alone('dogs', 1)).toEqual(dogs);
  expect(await alone('cars', 1)).toEqual(cars);
  expect(cats).not.toEqual(dogs);
});
