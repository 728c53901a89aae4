import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildPortraits } from '../../../model-assets/portraits-256/build.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { type Generator, openGenerator } from '../../../src/stylegan/generator.ts';
import type { ImageIdentity } from '../../../src/stylegan/image-identity.ts';
import { truthTask } from '../../../src/stylegan/portraits/truth.ts';
import { synthesisMemory } from '../../../src/stylegan/synthesis-memory.ts';
import { synthesizeImageTask } from '../../../src/stylegan/synthesize-image.ts';
import { golden, goldenOf, greatestDifference, PORTRAITS } from '../../support/golden.ts';
import { synthesizeAllTask } from './tasks.ts';

let generator: Generator;
let engine: Engine;
beforeAll(async () => {
  generator = await openGenerator(PORTRAITS);
  engine = new Engine({ threads: 2, memoryLimit: 1e9 });
});
afterAll(() => engine.close());

const image = (seed: number, other: Partial<ImageIdentity> = {}): ImageIdentity => ({
  generator: generator.card.id,
  seed,
  class: null,
  psi: 1,
  cutoff: null,
  ...other,
});
const all = (...images: ImageIdentity[]) => engine.run(synthesizeAllTask, { generator, images }, { lane: 'batch' });

test('the folder in the repository is what its weights build, byte for byte', async () => {
  const root = await mkdtemp(join(tmpdir(), 'portraits-'));
  try {
    const { folder } = await buildPortraits(join(root, 'portraits-256'));
    for (const file of ['generator.json', 'mapping.onnx', 'synthesis.onnx'])
      expect((await readFile(join(folder, file))).equals(await readFile(join(PORTRAITS, file))), file).toBe(true);
  } finally {
    await rm(root, { recursive: true });
  }
});

test.each([0, 1] as const)('seed %i: styles, picture and feature maps are those that PyTorch computed', async (seed) => {
  const { ws, outputs } = await all(image(seed));
  for (let l = 0; l < 14; l++)
    expect(greatestDifference(ws.subarray(128 * l, 128 * l + 128), goldenOf('w', seed))).toBeLessThanOrEqual(1e-4);
  expect(greatestDifference(outputs.image!, goldenOf('image', seed))).toBeLessThanOrEqual(1e-4);
  expect(generator.card.taps).toHaveLength(13);
  for (const { name, channels, resolution } of generator.card.taps) {
    const map = outputs[`tap.${name}`]!;
    expect(map.length).toBe(channels * resolution * resolution);
    const at = [...(golden(`tap.${name}.at`).data as BigInt64Array)].map(Number);
    const expected = goldenOf(`tap.${name}.values`, seed);
    const found = expected.map((_, i) => {
      const [channel, position] = [Math.floor(i / 64), i % 64];
      return map[(channel * resolution + at[2 * position]!) * resolution + at[2 * position + 1]!]!;
    });
    const greatest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(greatestDifference(found, expected), name).toBeLessThanOrEqual(Math.max(1e-4, 1e-5 * greatest));
  }
});

test('mean and standard deviation of each feature map, over both seeds', async () => {
  const { outputs } = await all(image(0), image(1));
  for (const { name } of generator.card.taps) {
    const map = outputs[`tap.${name}`]!;
    const mean = map.reduce((sum, value) => sum + value, 0) / map.length;
    const deviation = Math.sqrt(map.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (map.length - 1));
    expect(greatestDifference([mean, deviation], golden(`tap.${name}.meanstd`).data as Float64Array), name).toBeLessThan(1e-4);
  }
});

test('truncation: psi 0.7 with cutoff 4 is the golden picture, and changes ws 0 to 3 only', async () => {
  const plain = await all(image(0));
  const truncated = await all(image(0, { psi: 0.7, cutoff: 4 }));
  expect(greatestDifference(truncated.outputs.image!, golden('image_psi0_7_cutoff4').data as Float32Array)).toBeLessThanOrEqual(
    1e-4,
  );
  const average = generator.card.wAvg;
  for (let l = 0; l < 14; l++) {
    const w = plain.ws.subarray(128 * l, 128 * l + 128);
    const pulled = Array.from(w, (value, i) => average[i]! + 0.7 * (value - average[i]!));
    const found = truncated.ws.subarray(128 * l, 128 * l + 128);
    if (l < 4) expect(greatestDifference(found, pulled)).toBeLessThanOrEqual(1e-5);
    else expect(found).toEqual(w);
  }
});

test('psi 0 gives one picture for all seeds, cutoff 0 no truncation at all', async () => {
  const none = await all(image(5, { psi: 0 }));
  const other = await all(image(999_999, { psi: 0 }));
  expect(other.outputs.image).toEqual(none.outputs.image);
  expect([...none.ws.subarray(0, 128)]).toEqual([...generator.card.wAvg]);
  expect((await all(image(5, { psi: 0, cutoff: 0 }))).ws).toEqual((await all(image(5))).ws);
  expect((await all(image(5))).outputs.image).not.toEqual((await all(image(6))).outputs.image);
});

test('styles of an image do not depend on what it is computed with', async () => {
  const images = [image(3), image(4, { psi: 0.5, cutoff: 2 }), image(5)];
  const { ws } = await all(...images);
  const alone = await all(images[1]!);
  expect(ws.subarray(14 * 128, 2 * 14 * 128)).toEqual(alone.ws);
});

test('bytes of the picture, the same with 1 and 2 threads', async () => {
  const input = { generator, image: image(1) };
  const picture = await engine.run(synthesizeImageTask, input, { lane: 'interactive' });
  expect(picture).toMatchObject({ width: 256, height: 256 });
  const expected = goldenOf('image', 1);
  let different = 0;
  for (let i = 0; i < picture.rgb.length; i++) {
    const value = Math.trunc(Math.min(Math.max(127.5 * expected[(i % 3) * 65536 + Math.floor(i / 3)]! + 128, 0), 255));
    const difference = Math.abs(picture.rgb[i]! - value);
    expect(difference).toBeLessThanOrEqual(1);
    different += difference;
  }
  expect(different).toBeLessThan(20);
  const single = new Engine({ threads: 1, memoryLimit: 1e9 });
  try {
    expect((await single.run(synthesizeImageTask, input, { lane: 'batch' })).rgb).toEqual(picture.rgb);
  } finally {
    await single.close();
  }
});

test('an image that cannot be made is refused in the worker too', async () => {
  const run = (wrong: Partial<ImageIdentity>) =>
    engine.run(synthesizeImageTask, { generator, image: image(1, wrong) }, { lane: 'interactive' });
  await expect(run({ seed: -1 })).rejects.toMatchObject({ code: 'bad-request', message: 'The seed -1 is out of range.' });
  await expect(run({ cutoff: 15 })).rejects.toMatchObject({ code: 'bad-request' });
  await expect(run({ generator: 'other' })).rejects.toMatchObject({ code: 'bad-request' });
});

test('truth in the codec lane: refused away from psi 1', async () => {
  const { data, keypoints } = await engine.run(truthTask, image(0), { lane: 'codec' });
  expect(greatestDifference(data, goldenOf('mask', 0))).toBe(0);
  expect(keypoints).toHaveLength(9);
  await expect(engine.run(truthTask, image(0, { psi: 0.5 }), { lane: 'codec' })).rejects.toMatchObject({ code: 'no-truth' });
});

test('the picture follows its truth as closely as the recipe says', async () => {
  // Nose tip and chin are skin, the middle of the top row is background or hair: colours of the picture say so.
  const picture = await engine.run(synthesizeImageTask, { generator, image: image(1) }, { lane: 'batch' });
  const rendered = goldenOf('render', 1);
  let sum = 0;
  for (let i = 0; i < picture.rgb.length; i++)
    sum += Math.abs((picture.rgb[i]! - 127.5) / 127.5 - rendered[(i % 3) * 65536 + Math.floor(i / 3)]!);
  expect(sum / picture.rgb.length).toBeLessThan(0.06);
});

test('the memory estimate is of the right size', () => {
  // 5.8 MB of weights twice, and 4 · Σ C r² = 24 MB of feature maps twice.
  const maps = generator.card.taps.reduce((total, { channels, resolution }) => total + 4 * channels * resolution ** 2, 0);
  expect(synthesisMemory(generator.card)).toBeGreaterThan(2 * maps);
  expect(synthesisMemory(generator.card)).toBeLessThan(1e8);
});
