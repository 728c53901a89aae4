import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Engine } from '../../../src/engine/engine.ts';
import { ensureBasisTask } from '../../../src/interpreter/features/basis-file.ts';
import { predictTask } from '../../../src/interpreter/inference/predict.ts';
import { type TrainVersionInput, trainVersionTask } from '../../../src/interpreter/versions/train-version.ts';
import { validateTask } from '../../../src/interpreter/versions/validate.ts';
import { isVersionFile } from '../../../src/interpreter/versions/version.ts';
import { planVersion, summariseAnnotation } from '../../../src/interpreter/versions/version-id.ts';
import { clicked, keypointNames, truthKeypoints } from './support/portrait-keypoints.ts';
import { annotated, portrait, trainingOptions } from './support/portraits.ts';
import { portraitsEngine } from './support/portraits-engine.ts';

const { engine, generator, folder } = await portraitsEngine();

/** A training short enough for a test; the arithmetic is the same. */
const settings = {
  ...trainingOptions.settings,
  members: 3,
  pixelsPerImage: 1500,
  steps: 150,
  stepsPerDoubling: 0,
  maxSteps: 150,
};
const lane = { lane: 'batch' } as const;
const HELD_OUT = [5000, 5001, 5002, 5003];

const inputOf = (
  name: string,
  images: TrainVersionInput['images'],
  changes: Partial<TrainVersionInput> = {},
): TrainVersionInput => ({
  ...trainingOptions,
  labels: ['Background'],
  keypoints: keypointNames,
  settings,
  generator,
  images,
  cacheFolder: join(folder, 'features'),
  checkpointFile: join(folder, `${name}.checkpoint`),
  versionFile: join(folder, `${name}.safetensors`),
  ...changes,
});
const predict = (versionFile: string, seed: number) =>
  engine.run(predictTask, { generator, image: portrait(seed), versionFile, wantJsMap: true }, lane);

/** Errors in pixels of the keypoints that both the picture and the prediction show. */
async function errorsOf(versionFile: string): Promise<number[]> {
  const errors: number[] = [];
  for (const seed of HELD_OUT) {
    const truth = truthKeypoints(seed);
    for (const { keypoint, x, y } of (await predict(versionFile, seed)).keypoints) {
      const point = truth[keypoint];
      if (point != null) errors.push(Math.hypot(x - point.x, y - point.y));
    }
  }
  return errors.sort((a, b) => a - b);
}

test('a project with keypoints alone gets a version that finds them in other pictures', async () => {
  const images = clicked([10_000, 10_001, 10_002, 10_003]);
  const input = inputOf('alone', images);
  const record = await engine.run(trainVersionTask, input, lane);
  const basis = await engine.run(ensureBasisTask, { generator }, lane);
  const summaries = images.map((one) => ({ ...one, annotation: summariseAnnotation(one.labelMap, 1) }));
  expect(record.id).toBe(planVersion({ ...input, generator: generator.card.id, images: summaries, basis }).id);
  expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  expect(record.annotatedLabels).toEqual([]);
  expect(record.images.map(({ keypoints }) => keypoints)).toEqual(images.map(({ keypoints }) => keypoints));
  const { keypoints } = record;
  const shown = keypointNames.map((_, k) => images.filter((image) => image.keypoints[k] !== null).length);
  expect(keypoints!.annotatedKeypoints).toEqual([...shown.keys()].filter((k) => shown[k]! > 0));
  expect(keypoints!.sigma).toBeCloseTo(5.12, 10);
  expect(keypoints!.shape).toEqual({ dims: 64, members: 3, hidden: [128, 32], classes: 9 });
  expect(keypoints!.trainingAccuracy).toBeGreaterThan(0.9);
  const never = keypointNames.filter((_, k) => shown[k] === 0);
  expect(record.notes).toEqual([`Never annotated, so never predicted: ${never.join(', ')}.`]);
  expect(await isVersionFile(input.versionFile, record.id, record.weights)).toBe(true);

  const errors = await errorsOf(input.versionFile);
  expect(errors.length).toBeGreaterThanOrEqual(4 * 7);
  expect(errors.filter((error) => error <= 0.05 * 256).length / errors.length).toBeGreaterThan(0.85);
  expect(errors[errors.length >> 1]!).toBeLessThan(5);

  const prediction = await predict(input.versionFile, 5000);
  expect(prediction.labelMap.every((label) => label === 0)).toBe(true);
  expect(prediction.areas).toEqual([256 * 256]);
  expect(prediction.js).toBeCloseTo(Math.LN2 * (1 - prediction.score), 6);
  for (const { score, spread } of prediction.keypoints) {
    expect(score).toBeGreaterThan(0);
    expect(score).toBeLessThanOrEqual(1);
    expect(spread).toBeLessThan(30);
  }
});

test('masks and keypoints are one version and one pass: each head says what it says alone', async () => {
  const seeds = [10_000, 10_001];
  const points = clicked(seeds);
  const both = annotated(seeds).map((one, i) => ({ ...one, keypoints: points[i]!.keypoints }));
  const { labels } = trainingOptions;
  const masksOnly = inputOf('masks', annotated(seeds), { labels, keypoints: [] });
  const pointsOnly = inputOf('points', points);
  const together = inputOf('both', both, { labels });
  const [masks, , record] = [
    await engine.run(trainVersionTask, masksOnly, lane),
    await engine.run(trainVersionTask, pointsOnly, lane),
    await engine.run(trainVersionTask, together, lane),
  ];
  expect(record.id).not.toBe(masks.id);
  expect(masks.keypoints).toBeUndefined();
  expect([record.steps, record.loss, record.trainingAccuracy]).toEqual([masks.steps, masks.loss, masks.trainingAccuracy]);
  const [one, other, all] = await Promise.all(
    [masksOnly, pointsOnly, together].map(({ versionFile }) => predict(versionFile, 5001)),
  );
  const same = all!.labelMap.filter((label, pixel) => label === one!.labelMap[pixel]).length;
  expect(same / all!.labelMap.length).toBeGreaterThan(0.9995);
  expect(one!.keypoints).toEqual([]);
  expect(all!.keypoints.map(({ keypoint }) => keypoint)).toEqual(other!.keypoints.map(({ keypoint }) => keypoint));
  for (const [i, { x, y, score, spread }] of all!.keypoints.entries()) {
    expect(x).toBeCloseTo(other!.keypoints[i]!.x, 1);
    expect(y).toBeCloseTo(other!.keypoints[i]!.y, 1);
    expect(score).toBeCloseTo(other!.keypoints[i]!.score, 2);
    expect(Math.abs(spread - other!.keypoints[i]!.spread)).toBeLessThan(0.5);
  }
  expect(all!.score).toBeCloseTo((one!.score + other!.score) / 2, 2);
  expect(all!.js).toBeCloseTo((one!.js + other!.js) / 2, 2);
});

test('pictures with points alone, and pictures with masks alone, train one version', async () => {
  const { labels } = trainingOptions;
  const images = [...clicked([10_000]), ...annotated([10_001])];
  const record = await engine.run(trainVersionTask, inputOf('mixed', images, { labels }), lane);
  expect(record.images.map(({ sampledPixels }) => sampledPixels)).toEqual([0, 1500]);
  expect(record.images.map(({ keypoints }) => keypoints === undefined)).toEqual([false, true]);
  expect(record.annotatedLabels.length).toBeGreaterThan(5);
  expect(record.keypoints!.annotatedKeypoints.length).toBeGreaterThan(5);
});

test('where only one label is painted, keypoints are learnt, and a note says why there are no masks', async () => {
  const { labels } = trainingOptions;
  const [image] = clicked([10_000]);
  image!.labelMap.data.fill(labels.indexOf('hair'), 0, 256 * 40);
  const input = inputOf('hair', [image!], { labels });
  const record = await engine.run(trainVersionTask, input, lane);
  expect(record.annotatedLabels).toEqual([]);
  expect(record.notes[0]).toBe(
    "Only 'hair' is annotated, which is nothing to tell apart: this version has keypoints, and no masks.",
  );
  const { areas, keypoints } = await predict(input.versionFile, 5000);
  expect(areas).toEqual(labels.map((_, label) => (label === 0 ? 256 * 256 : 0)));
  expect(keypoints.length).toBeGreaterThan(4);
});

test('the same points give the same bytes, with one thread and with two, from the cache and without it', async () => {
  const { labels } = trainingOptions;
  const points = clicked([10_000, 10_001]);
  const images = annotated([10_000, 10_001]).map((one, i) => ({ ...one, keypoints: points[i]!.keypoints }));
  const one = new Engine({ threads: 1, memoryLimit: 4e9 });
  const inputs = ['warm', 'again', 'anew'].map((name) =>
    inputOf(name, images, { labels, cacheFolder: join(folder, name === 'anew' ? 'colder' : 'cold') }),
  );
  await engine.run(trainVersionTask, inputs[0]!, lane);
  await one.run(trainVersionTask, inputs[1]!, lane);
  await one.run(trainVersionTask, inputs[2]!, lane);
  await one.close();
  const weights = inputs.map(({ versionFile }) => {
    const bytes = readFileSync(versionFile);
    return bytes.subarray(8 + Number(bytes.readBigUInt64LE(0)));
  });
  expect(weights[1]!.equals(weights[0]!)).toBe(true);
  expect(weights[2]!.equals(weights[0]!)).toBe(true);
});

test('validation has figures of keypoints that two pictures show', async () => {
  const images = clicked([10_000, 10_001, 10_002, 10_003]);
  const told: unknown[] = [];
  const result = await engine.run(validateTask, inputOf('validated', images), {
    ...lane,
    onProgress: (value) => told.push(value),
  });
  expect(told.at(-1)).toEqual({ phase: 'validating', step: 4, steps: 4 });
  expect(result).toMatchObject({ folds: 4, mIoU: null, pixelAccuracy: null });
  expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  const { pck, medianError, meanPck } = result!.keypoints!;
  for (const k of keypointNames.keys()) {
    const seen = images.filter(({ keypoints }) => keypoints[k] !== null).length;
    expect(pck[k] === null, keypointNames[k]).toBe(seen < 2);
    expect(medianError[k] === null).toBe(seen < 2);
  }
  expect(meanPck).toBeGreaterThan(0.7);
  expect(medianError[keypointNames.indexOf('eye-left')]).toBeLessThan(6);
  expect(await engine.run(validateTask, inputOf('one', clicked([10_000])), lane)).toBeNull();
});

test('points that were swapped in one picture are the first of its slips', async () => {
  const images: TrainVersionInput['images'][number][] = clicked([10_000, 10_001, 10_002, 10_003, 10_004, 10_005]);
  const [left, right] = [keypointNames.indexOf('eye-left'), keypointNames.indexOf('eye-right')];
  const slip = images.findIndex(({ keypoints }) => keypoints![left] != null && keypoints![right] != null);
  const points = images[slip]!.keypoints!;
  images[slip] = { ...images[slip]!, keypoints: points.with(left, points[right]!).with(right, points[left]!) };
  const { slips } = (await engine.run(validateTask, inputOf('swapped', images), lane))!.keypoints!;
  for (const found of slips!.slice(0, 2)) expect(found.image).toEqual(images[slip]!.image);
  expect(slips!.slice(0, 2).map(({ keypoint, markedThere }) => [keypoint, markedThere])).toEqual(
    expect.arrayContaining([
      [left, right],
      [right, left],
    ]),
  );
});

test('without a point, keypoints in the config change nothing', async () => {
  const { labels } = trainingOptions;
  const without = await engine.run(trainVersionTask, inputOf('without', annotated([10_004]), { labels, keypoints: [] }), lane);
  const named = await engine.run(trainVersionTask, inputOf('named', annotated([10_004]), { labels }), lane);
  expect([named.id, named.weights]).toEqual([without.id, without.weights]);
  expect(named.keypoints).toBeUndefined();
  expect(named.notes.join()).toContain('eye-left');
});
