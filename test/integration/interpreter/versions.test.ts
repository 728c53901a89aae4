import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Engine } from '../../../src/engine/engine.ts';
import { ensureBasisTask } from '../../../src/interpreter/features/basis-file.ts';
import { predictTask } from '../../../src/interpreter/inference/predict.ts';
import { Random } from '../../../src/interpreter/learning/random.ts';
import { type TrainVersionInput, trainVersionTask } from '../../../src/interpreter/versions/train-version.ts';
import { validateTask } from '../../../src/interpreter/versions/validate.ts';
import type { VersionRecord } from '../../../src/interpreter/versions/version.ts';
import { planVersion, summariseAnnotation } from '../../../src/interpreter/versions/version-id.ts';
import { predictPairTask } from '../../../src/jobs/engine-tasks/predict-pair.ts';
import { UNKNOWN } from '../../../src/masks/label-map.ts';
import { synthesizeImageTask } from '../../../src/stylegan/synthesize-image.ts';
import { countPieces } from '../../../src/synthesis/rules.ts';
import { scribble } from '../../support/simulated-annotators.ts';
import { annotated, labels, portrait, trainingOptions, truthMap } from './support/portraits.ts';
import { portraitsEngine } from './support/portraits-engine.ts';

const { engine, generator, folder } = await portraitsEngine();

/** A training short enough for a test; the arithmetic is the same. */
const short = { ...trainingOptions.settings, members: 3, pixelsPerImage: 500, steps: 100, stepsPerDoubling: 0, maxSteps: 100 };
const lane = { lane: 'batch' } as const;

const inputOf = (
  name: string,
  images: TrainVersionInput['images'],
  changes: Partial<TrainVersionInput> = {},
): TrainVersionInput => ({
  ...trainingOptions,
  settings: short,
  generator,
  images,
  cacheFolder: join(folder, 'features'),
  checkpointFile: join(folder, `${name}.checkpoint`),
  versionFile: join(folder, `${name}.safetensors`),
  ...changes,
});

const WITHOUT = ['clothing', 'glasses'];

test('adding a class gives a new version that knows it; the old one is left as it was', async () => {
  const first = inputOf('first', annotated([0], WITHOUT));
  const record = await engine.run(trainVersionTask, first, lane);
  const bytes = readFileSync(first.versionFile);
  const second = inputOf('second', annotated([0]));
  const better = await engine.run(trainVersionTask, second, lane);

  const known = (r: VersionRecord) => r.annotatedLabels.map((label) => labels[label]);
  expect(known(record)).not.toContain('clothing');
  expect(known(better)).toContain('clothing');
  expect(better.id).not.toBe(record.id);
  expect(readFileSync(first.versionFile)).toEqual(bytes);
  const predictions = [first, second].map(({ versionFile }) =>
    engine.run(predictTask, { generator, image: portrait(0), versionFile }, lane),
  );
  const [before, after] = await Promise.all(predictions);
  expect(before!.areas[labels.indexOf('clothing')]).toBe(0);
  expect(after!.areas[labels.indexOf('clothing')]).toBeGreaterThan(1000);
});

test('one picture with one stroke a class is enough for a version, which tells every class apart', async () => {
  const seed = 0;
  const truth = truthMap(seed);
  const present = [...new Set(truth.data)].sort((a, b) => a - b);
  const labelMap = scribble(1)(truth, present, new Random(1, 'pixels', seed));
  const painted = labelMap.data.filter((label) => label !== UNKNOWN).length / labelMap.data.length;
  expect(painted).toBeLessThan(0.2);
  const input = inputOf('strokes', [{ image: portrait(seed), labelMap, keypoints: null }]);
  const record = await engine.run(trainVersionTask, input, lane);
  expect(record.annotatedLabels).toEqual(present);
  expect(record.notes.join()).not.toContain('slip');
  const { versionFile } = input;
  const { labelMap: predicted } = await engine.run(predictTask, { generator, image: portrait(seed), versionFile }, lane);
  const right = predicted.filter((label, pixel) => label === truth.data[pixel]).length / predicted.length;
  expect(right).toBeGreaterThan(0.85);
});

test('a record says what was trained on what, and its id was known before', async () => {
  // Neither has glasses.
  const images = annotated([10_001, 10_000]);
  images[0]!.labelMap.data.fill(labels.indexOf('glasses'), 0, 5);
  const input = inputOf('record', images);
  const told: unknown[] = [];
  const record = await engine.run(trainVersionTask, input, { ...lane, onProgress: (value) => told.push(value) });
  const plan = planVersion({
    ...trainingOptions,
    settings: short,
    generator: generator.card.id,
    basis: await engine.run(ensureBasisTask, { generator }, lane),
    images: images.map(({ image, labelMap, keypoints }) => ({
      image,
      annotation: summariseAnnotation(labelMap, labels.length),
      keypoints,
    })),
  });
  expect(record.id).toBe(plan.id);
  expect(record).toMatchObject({ generator: generator.card.id, psi: 1, cutoff: null, labels, steps: 100, seed: 0 });
  expect(record.shape).toEqual({ dims: 64, members: 3, hidden: [128, 32], classes: 12 });
  expect(record.images.map(({ image }) => image.seed)).toEqual([10_000, 10_001]);
  expect(record.images.map(({ sampledPixels }) => sampledPixels)).toEqual([500, 500]);
  expect(record.images[1]!.labelPixels.reduce((sum, n) => sum + n, 0)).toBe(256 * 256 - 5);
  expect(record.notes.join('\n')).toContain("Seed 10001: 5 pixels of 'glasses' are too few");
  expect(record.trainingAccuracy).toBeGreaterThan(0.8);
  expect(record.loss).toBeGreaterThan(0);
  expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  expect(told).toContainEqual({ phase: 'sampling', step: 2, steps: 2, loss: null });
  expect(told).toContainEqual({ phase: 'training', step: 50, steps: 100, loss: expect.any(Number) });
  expect(readdirSync(folder).filter((name) => name.startsWith('record'))).toEqual(['record.safetensors']);
});

test('the same inputs give the same bytes, with one thread and with two, from the cache and without it', async () => {
  const images = annotated([3, 4]);
  const one = new Engine({ threads: 1, memoryLimit: 4e9 });
  const both = [
    await engine.run(trainVersionTask, inputOf('two', images, { cacheFolder: join(folder, 'cold') }), lane),
    await one.run(trainVersionTask, inputOf('one', images.toReversed(), { cacheFolder: join(folder, 'cold') }), lane),
    await one.run(trainVersionTask, inputOf('anew', images, { cacheFolder: join(folder, 'colder') }), lane),
  ];
  await one.close();
  expect(new Set(both.map(({ id }) => id)).size).toBe(1);
  expect(new Set(both.map(({ weights }) => weights)).size).toBe(1);
});

test('a training stopped in the middle goes on from its checkpoint and gives the bytes of an unbroken one', async () => {
  const images = annotated([5]);
  const settings = { ...short, steps: 300, maxSteps: 300 };
  const unbroken = await engine.run(trainVersionTask, inputOf('unbroken', images, { settings }), lane);
  const broken = inputOf('broken', images, { settings });
  const stop = new AbortController();
  const reached: number[] = [];
  const note = (value: unknown) => {
    const { phase, step } = value as { phase: string; step: number };
    if (phase === 'training') reached.push(step);
  };
  const stopped = engine.run(trainVersionTask, broken, {
    ...lane,
    signal: stop.signal,
    onProgress: (value) => {
      note(value);
      if (reached.at(-1) === 100) stop.abort();
    },
  });
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  expect(readdirSync(folder)).toContain('broken.checkpoint');
  expect(readdirSync(folder)).not.toContain('broken.safetensors');
  reached.length = 0;
  const resumed = await engine.run(trainVersionTask, broken, { ...lane, onProgress: note });
  // One that begins anew reports 0 first.
  expect(reached[0]).toBeGreaterThanOrEqual(25);
  expect(resumed.weights).toBe(unbroken.weights);
  expect(resumed.loss).toBe(unbroken.loss);
  expect(readdirSync(folder)).not.toContain('broken.checkpoint');
});

test('the picture of a prediction is the generator’s, and its labels count up', async () => {
  const input = inputOf('picture', annotated([6]));
  await engine.run(trainVersionTask, input, lane);
  const image = portrait(1_000_007);
  const request = { generator, image, versionFile: input.versionFile };
  const prediction = await engine.run(predictTask, { ...request, wantJsMap: true }, lane);
  const picture = await engine.run(synthesizeImageTask, { generator, image }, lane);
  expect(prediction.rgb).toEqual(picture.rgb);
  expect([prediction.width, prediction.height, prediction.pictureWidth, prediction.pictureHeight]).toEqual([256, 256, 256, 256]);
  expect(prediction.areas.reduce((sum, area) => sum + area, 0)).toBe(256 * 256);
  const sorted = [...prediction.jsMap!].sort((a, b) => b - a).slice(0, Math.ceil(0.1 * 256 * 256));
  expect(prediction.js).toBeCloseTo(sorted.reduce((sum, value) => sum + value, 0) / sorted.length, 6);
  expect(prediction.js).toBeGreaterThan(0);
  expect(prediction.score).toBeCloseTo(1 - prediction.js / Math.log(3), 6);
  const again = await engine.run(predictTask, request, { lane: 'interactive' });
  expect(again.labelMap).toEqual(prediction.labelMap);
  expect(again.jsMap).toBeUndefined();
  // On one thread, beside others, in smaller tiles: the same bits.
  const spread = await engine.run(predictTask, { ...request, wantJsMap: true }, { ...lane, spread: true });
  expect(spread.labelMap).toEqual(prediction.labelMap);
  expect(spread.jsMap).toEqual(prediction.jsMap);
});

test('a pair is measured as its rules ask, and what is too uncertain in it is ignored', async () => {
  const input = inputOf('measured', annotated([6, 8]));
  await engine.run(trainVersionTask, input, lane);
  const request = { generator, image: portrait(1_000_007), versionFile: input.versionFile };
  const whole = await engine.run(predictTask, { ...request, wantJsMap: true }, lane);
  expect((await engine.run(predictPairTask, request, lane)).measures).toEqual({ areas: whole.areas });

  const ignoreAbove = [...whole.jsMap!].sort((a, b) => a - b)[60_000]!;
  const rules = { leastPixels: 7.5, pieces: [{ label: 1, most: 1 }], nearest: 1 };
  const { measures, labelMap, js } = await engine.run(predictPairTask, { ...request, rules, ignoreAbove }, lane);
  expect(labelMap).toEqual(whole.labelMap.map((label, pixel) => (whole.jsMap![pixel]! > ignoreAbove ? 255 : label)));
  expect(js).toBe(whole.js);
  const ignored = labelMap.filter((label) => label === 255).length;
  expect(ignored).toBeGreaterThan(5000);
  expect(measures).toMatchObject({ ignored, pieces: expect.any(Array) });
  expect(measures.areas.reduce((sum, area) => sum + area, ignored)).toBe(256 * 256);
  expect(measures.pieces).toEqual(countPieces({ width: 256, height: 256, data: labelMap }, measures.areas.length, 7.5));
  expect(measures.nearest).toBeGreaterThan(0.3);
  expect(measures.nearest).toBeLessThan(3);
  const own = await engine.run(predictPairTask, { ...request, image: portrait(8), rules }, lane);
  expect(own.measures.nearest).toBe(0);
});

test('a damaged or missing version is said to be so', async () => {
  const input = inputOf('damaged', annotated([7]));
  await engine.run(trainVersionTask, input, lane);
  const ask = () => engine.run(predictTask, { generator, image: portrait(7), versionFile: input.versionFile }, lane);
  await ask();
  const bytes = readFileSync(input.versionFile);
  bytes[bytes.length - 10]! ^= 1;
  writeFileSync(input.versionFile, bytes);
  await expect(ask()).rejects.toMatchObject({ code: 'version-lost' });
  rmSync(input.versionFile);
  await expect(ask()).rejects.toMatchObject({ code: 'version-lost' });
});

test('nothing to tell apart, or a map of another size, is refused', async () => {
  const images = annotated([8], labels.slice(1));
  await expect(engine.run(trainVersionTask, inputOf('one-class', images), lane)).rejects.toMatchObject({
    code: 'training-refused',
    message: "Nothing to tell apart: only 'background' is annotated.",
  });
  const small = [{ image: portrait(8), labelMap: { width: 128, height: 128, data: new Uint8Array(128 * 128) }, keypoints: null }];
  await expect(engine.run(trainVersionTask, inputOf('small', small), lane)).rejects.toMatchObject({ code: 'bad-annotation' });
});

test('scribbles suffice: pixels nobody labelled are not trained on', async () => {
  const [image] = annotated([9]);
  const { data } = image!.labelMap;
  // A tenth of the rows is labelled.
  for (let y = 0; y < 256; y++) if (y % 10 !== 0) data.fill(255, 256 * y, 256 * (y + 1));
  const input = inputOf('scribbles', [image!]);
  const record = await engine.run(trainVersionTask, input, lane);
  expect(record.images[0]!.labelPixels.reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(26 * 256);
  const { labelMap } = await engine.run(predictTask, { generator, image: portrait(9), versionFile: input.versionFile }, lane);
  const truth = annotated([9])[0]!.labelMap.data;
  const right = labelMap.filter((label, pixel) => label === truth[pixel]).length;
  expect(right / truth.length).toBeGreaterThan(0.9);
});

test('labels that were swapped in one picture are the first of its slips', async () => {
  const images: TrainVersionInput['images'][number][] = annotated(Array.from({ length: 8 }, (_, i) => 10_000 + i));
  const [hair, face] = [labels.indexOf('hair'), labels.indexOf('face')];
  const { labelMap } = images[3]!;
  const data = labelMap.data.map((label) => (label === hair ? face : label === face ? hair : label));
  images[3] = { ...images[3]!, labelMap: { ...labelMap, data } };
  const result = await engine.run(validateTask, inputOf('slips', images), lane);
  const [first] = result!.slips!;
  expect(first!.image).toEqual(portrait(10_003));
  expect([hair, face]).toContain(first!.label);
  expect([hair, face]).toContain(first!.seen);
  expect(first!.share).toBeGreaterThan(first!.usualShare + 0.3);
});

test('validation holds images out: figures for labels seen twice, none with a single image', async () => {
  const images = annotated([0, 1, 2, 3, 10]);
  const told: unknown[] = [];
  const input = inputOf('validated', images);
  const result = await engine.run(validateTask, input, { ...lane, onProgress: (value) => told.push(value) });
  expect(result!.folds).toBe(4);
  expect(told.at(-1)).toEqual({ phase: 'validating', step: 4, steps: 4 });
  const seen = labels.map((_, label) => images.filter(({ labelMap }) => labelMap.data.includes(label)).length);
  expect(seen).toContain(1);
  for (const [label, count] of seen.entries()) {
    if (count < 2) expect(result!.iou[label], labels[label]).toBeNull();
    else expect(result!.iou[label], labels[label]).not.toBeNull();
  }
  const values = result!.iou.filter((value) => value !== null);
  expect(result!.mIoU).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 12);
  // Weighted back to whole pictures: the truth's pixels of each label are those of the annotations.
  for (const [label, row] of result!.confusion.entries()) {
    const annotatedPixels = images.reduce((sum, { labelMap }) => sum + labelMap.data.filter((l) => l === label).length, 0);
    expect(row.reduce((sum, value) => sum + value, 0) / annotatedPixels).toBeCloseTo(1, 4);
  }
  expect(result!.mIoU).toBeGreaterThan(0.25);
  expect(result!.pixelAccuracy).toBeGreaterThan(0.8);
  expect(await engine.run(validateTask, inputOf('alone', annotated([0])), lane)).toBeNull();
});
