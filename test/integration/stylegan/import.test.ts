import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ImportOptions } from '../../../src/api/requests.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { removeGenerator, renameGenerator } from '../../../src/jobs/generators/generator-folders.ts';
import { importGenerator } from '../../../src/jobs/generators/import-generator.ts';
import type { Store } from '../../../src/store/store.ts';
import { encodeNpyHeader, readNpy } from '../../../src/stylegan/checkpoint/npy.ts';
import { latent } from '../../../src/stylegan/latent.ts';
import { GeneratorLibrary } from '../../../src/stylegan/library.ts';
import { sampleLayersTask } from '../../../src/stylegan/sample-layers.ts';
import { synthesizeImageTask } from '../../../src/stylegan/synthesize-image.ts';
import { datasetganState } from '../../support/checkpoint-writers/stylegan1-files.ts';
import { adaFile, rosinalityState } from '../../support/checkpoint-writers/stylegan2-files.ts';
import { writeTorchZip } from '../../support/checkpoint-writers/torch-writer.ts';
import { greatestDifference, PORTRAITS } from '../../support/golden.ts';
import { tinyStylegan1 } from '../../support/reference-stylegan1.ts';
import { ReferenceStylegan2 } from '../../support/reference-stylegan2.ts';
import { insertProject } from '../../support/store-rows.ts';
import { TINY_SETTINGS, tinyStylegan2 } from '../../support/tiny-stylegan2.ts';
import { testState } from '../store/test-store.ts';

const MEMORY = 1e9;
let engine: Engine;
let root: string;
let generators: string;
let library: GeneratorLibrary;
beforeAll(() => {
  engine = new Engine({ threads: 1, memoryLimit: MEMORY });
});
afterAll(() => engine.close());
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'import-'));
  generators = join(root, 'generators');
  library = new GeneratorLibrary([join(PORTRAITS, '..'), generators]);
});
afterEach(() => rm(root, { recursive: true }));

async function importBytes(name: string, bytes: Uint8Array, options: Partial<ImportOptions> = {}, memoryLimit = MEMORY) {
  const file = join(root, name);
  await writeFile(file, bytes);
  return importGenerator({ file, ...options }, { engine, library, generators, memoryLimit });
}
const tiny = tinyStylegan2({ noise: true });
const ada = () => adaFile(tiny, TINY_SETTINGS);
const visible = async () => (await readdir(generators)).sort();

test('a whole import: what the report says, and what is in the folder', async () => {
  const steps: string[] = [];
  await writeFile(join(root, 'My Cats v2.pkl'), ada());
  const report = await importGenerator(
    { file: join(root, 'My Cats v2.pkl'), licence: 'CC0', psi: 0.6 },
    { engine, library, generators, memoryLimit: MEMORY, progress: (step) => steps.push(step) },
  );
  expect(report).toMatchObject({
    name: 'my-cats-v2',
    known: false,
    family: 'stylegan2',
    resolution: 16,
    labelSize: { width: 16, height: 16 },
    dims: 4 + 3 + 3 + 2 + 2,
    taps: ['b4.conv1', 'b8.conv0', 'b8.conv1', 'b16.conv0', 'b16.conv1'],
    classes: 0,
    psi: 0.6,
    cutoff: null,
    average: 'in the checkpoint',
    licence: 'CC0',
    file: { name: 'My Cats v2.pkl', bytes: ada().length },
    code: { known: null },
  });
  expect(report.image!.seconds).toBeGreaterThan(0);
  expect(report.prediction!.seconds).toBeGreaterThan(0);
  expect(steps.length).toBeGreaterThan(1);
  expect(await visible()).toEqual(['my-cats-v2']);
  const folder = join(generators, 'my-cats-v2');
  expect((await readdir(folder)).sort()).toEqual([
    'basis.safetensors',
    'generator.json',
    'mapping.onnx',
    'report.json',
    'samples.png',
    'synthesis.onnx',
  ]);
  expect(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'))).toEqual(report);
  const png = await readFile(join(folder, 'samples.png'));
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([64, 32]);
});

test('rows and label size: pictures, labels and taps of the part that is shown', async () => {
  const report = await importBytes('a.pkl', ada(), { rows: { from: 4, to: 12 }, labelSize: 8, taps: 'editgan' });
  expect(report).toMatchObject({ labelSize: { width: 8, height: 4 }, dims: 18 });
  expect(report.taps[0]).toBe('const');
  const generator = await library.find('a');
  const image = { generator: generator.card.id, seed: 3, class: null, psi: 0.7, cutoff: null };
  const picture = await engine.run(synthesizeImageTask, { generator, image }, { lane: 'batch' });
  expect(picture).toMatchObject({ width: 8, height: 4 });
});

test('every other choice is another generator, the same choice the same one', async () => {
  const { id } = await importBytes('a.pkl', ada());
  const again = await importBytes('copy.pkl', ada(), { name: 'b' });
  expect(again).toMatchObject({ known: true, name: 'a', id });
  const other = await importBytes('a.pkl', ada(), { name: 'b', taps: 'editgan' });
  expect(other.known).toBe(false);
  expect(other.id).not.toBe(id);
  await expect(importBytes('a.pkl', ada(), { labelSize: 8 })).rejects.toMatchObject({
    code: 'bad-request',
    message: "Another generator has the name 'a'.",
  });
  expect(await visible()).toEqual(['a', 'b']);
});

test('a missing mean of w is estimated the same way each time, or given', async () => {
  const file = writeTorchZip(new Map([['g_ema', rosinalityState(tiny, TINY_SETTINGS)]]));
  const first = await importBytes('a.pt', file);
  expect(first.average).toBe('estimated from 4096 latents of seed 0');
  expect((await importBytes('a.pt', file, { name: 'b' })).id).toBe(first.id);
  const { card } = await library.find('a');
  expect(first.note).toBe(card.note);
  expect(card.note).toContain('The checkpoint has no mean of w: it was estimated from 4096 latents of seed 0.');
  // The same mean by the formulas in float64.
  const reference = new ReferenceStylegan2(tiny, TINY_SETTINGS);
  const z = Array.from(latent(0, 4096 * 5), Math.fround);
  const sum = new Array<number>(6).fill(0);
  for (let i = 0; i < 4096; i++)
    for (const [j, value] of reference.styles(z.slice(5 * i, 5 * i + 5), [], [1])[0]!.entries()) sum[j]! += value / 4096;
  expect(greatestDifference(card.wAvg, sum)).toBeLessThan(1e-5);

  const averageFile = join(root, 'average.npy');
  const given = Float32Array.of(1, 2, 3, 4, 5, 6);
  await writeFile(averageFile, [encodeNpyHeader([2, 6]), Buffer.from(Float32Array.of(...given, ...given).buffer)]);
  expect((await importBytes('a.pt', file, { name: 'c', averageFile })).average).toBe('given with --avg-latent');
  expect((await library.find('c')).card.wAvg).toEqual([1, 2, 3, 4, 5, 6]);
  await writeFile(averageFile, [encodeNpyHeader([5]), Buffer.from(new Float32Array(5).buffer)]);
  await expect(importBytes('a.pt', file, { name: 'd', averageFile })).rejects.toMatchObject({ code: 'checkpoint-unsupported' });
});

test('a file from before noises were saved: the same noise each time, and the generator says so', async () => {
  const state = rosinalityState(tiny, TINY_SETTINGS);
  for (const name of state.keys()) if (name.startsWith('noises.')) state.delete(name);
  const file = writeTorchZip(new Map([['g_ema', state]]));
  const { id, note, warning } = await importBytes('a.pt', file);
  expect(note).toContain('The checkpoint has no noise. Layer k uses');
  expect(warning).toBeNull();
  expect((await importBytes('b.pt', file)).id).toBe(id);
});

test('DatasetGAN’s StyleGAN1: cutoff 8 or fewer, its own taps, constant noise', async () => {
  const report = await importBytes('cars.for_g_all.pt', writeTorchZip(datasetganState(tinyStylegan1())), { taps: 'datasetgan' });
  expect(report).toMatchObject({ family: 'stylegan1', cutoff: 6, dims: 2 * (4 + 3 + 2), name: 'cars.for_g_all' });
});

test.each<[string, string, Uint8Array, Partial<ImportOptions>, number]>([
  ['code', 'checkpoint-hostile', Buffer.from('\x80\x02cos\nsystem\nU\x04trueR.     ', 'latin1'), {}, MEMORY],
  ['a tap set of another family', 'bad-request', ada(), { taps: 'datasetgan' }, MEMORY],
  ['rows beyond the picture', 'bad-generator', ada(), { rows: { from: 4, to: 20 } }, MEMORY],
  ['a label size that does not divide the resolution', 'bad-generator', ada(), { labelSize: 12 }, MEMORY],
  ['a name with a path in it', 'bad-generator', ada(), { name: '../x' }, MEMORY],
  ['more memory than there is', 'out-of-memory', ada(), {}, 1000],
  [
    'a network of zeros',
    'bad-generator',
    adaFile(new Map([...tiny].map(([name, { dims, data }]) => [name, { dims, data: data.map(() => 0) }])), TINY_SETTINGS),
    {},
    MEMORY,
  ],
])('a refused import leaves nothing: %s', async (_, code, bytes, options, memory) => {
  await expect(importBytes('a.pkl', bytes, options, memory)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(/\w/),
  });
  expect(await visible()).toEqual([]);
});

test('an import removes what one that was killed has left, and nothing of one that may still run', async () => {
  const old = new Date(Date.now() - 25 * 3_600_000);
  for (const name of ['.import-killed', '.import-running', 'other']) {
    await mkdir(join(generators, name, 'generator'), { recursive: true });
    if (name !== '.import-running') await utimes(join(generators, name), old, old);
  }
  await importBytes('fresh.pkl', ada());
  expect(await visible()).toEqual(['.import-running', 'fresh', 'other']);
});

test('a file that is not there', async () => {
  const place = { engine, library, generators, memoryLimit: MEMORY };
  await expect(importGenerator({ file: join(root, 'none.pkl') }, place)).rejects.toMatchObject({ code: 'not-found' });
});

test('raw arrays of latents: every layer, whichever the features are made of', async () => {
  await importBytes('a.pkl', adaFile(tinyStylegan2({ noise: true, classes: 3 }), TINY_SETTINGS));
  const generator = await library.find('a');
  const [zFile, cFile, folder] = [join(root, 'z.npy'), join(root, 'c.npy'), join(root, 'raw')];
  await writeFile(zFile, [encodeNpyHeader([2, 5]), Buffer.from(Float32Array.from({ length: 10 }, (_, i) => i - 4).buffer)]);
  await writeFile(cFile, [encodeNpyHeader([2, 3]), Buffer.from(Float32Array.of(0, 1, 0, 1, 0, 0).buffer)]);
  const sample = (c: string | undefined) =>
    engine.run(sampleLayersTask, { generator, zFile, cFile: c, psi: 1, cutoff: null, folder }, { lane: 'batch' });
  const files = await sample(cFile);
  expect(files.sort()).toEqual(
    ['const', 'b4.conv1', 'b4.torgb', 'b8.conv0', 'b8.conv1', 'b8.torgb', 'b16.conv0', 'b16.conv1', 'b16.torgb']
      .map((name) => `taps/${name}.npy`)
      .concat('image.npy', 'ws.npy')
      .sort(),
  );
  expect(readNpy(await readFile(join(folder, 'ws.npy'))).dims).toEqual([2, 6, 6]);
  expect(readNpy(await readFile(join(folder, 'image.npy'))).dims).toEqual([2, 3, 16, 16]);
  expect(readNpy(await readFile(join(folder, 'taps/b8.torgb.npy'))).dims).toEqual([2, 3, 8, 8]);
  await expect(sample(undefined)).rejects.toMatchObject({ code: 'bad-request', message: 'This generator has 3 classes.' });
  await expect(sample(zFile)).rejects.toMatchObject({ code: 'bad-request' });
});

test('rename and remove: projects follow a name, and hold on to what they use', async () => {
  const state = await testState('embedded');
  let store: Store | undefined;
  try {
    store = await state.open();
    const place = { db: store.db, library, generators };
    const { id } = await importBytes('a.pkl', ada());
    const project = await insertProject(store.db, { title: 'Cats', generator: 'a' });
    await expect(removeGenerator(place, 'a')).rejects.toMatchObject({
      code: 'bad-request',
      message: "These projects use the generator 'a': 'Cats' (7).",
    });
    await expect(renameGenerator(place, 'a', 'portraits-256')).rejects.toMatchObject({ code: 'bad-request' });
    await expect(renameGenerator(place, 'a', 'No Name')).rejects.toMatchObject({ code: 'bad-request' });
    expect(await renameGenerator(place, 'a', 'b')).toMatchObject({ name: 'b', id });
    // It stays where it is: what runs with it reads from there.
    expect(await visible()).toEqual(['a']);
    expect((await library.find('b')).card.id).toBe(id);
    await expect(library.find('a')).rejects.toMatchObject({ code: 'unknown-generator' });
    expect(await project.now()).toMatchObject({ generator: 'b' });
    await project.change({ state: 'gone' });
    await removeGenerator(place, 'b');
    expect(await visible()).toEqual([]);
    // Another generator of that name is not taken for the old one.
    const { id: other } = await importBytes('b.pkl', ada(), { taps: 'editgan' });
    expect((await library.find('b')).card.id).toBe(other);
    await expect(removeGenerator(place, 'portraits-256')).rejects.toMatchObject({ code: 'bad-request' });
  } finally {
    await store?.close();
    await state.remove();
  }
});
