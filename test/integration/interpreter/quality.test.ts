import { join } from 'node:path';
import { expect, test } from 'vitest';
import { predictTask } from '../../../src/interpreter/inference/predict.ts';
import {
  addToConfusion,
  emptyConfusion,
  intersectionOverUnion,
  meanIntersectionOverUnion,
  pixelAccuracy,
} from '../../../src/interpreter/learning/metrics.ts';
import { trainVersionTask } from '../../../src/interpreter/versions/train-version.ts';
import { annotated, labels, portrait, trainingOptions, truthMap } from './support/portraits.ts';
import { portraitsEngine } from './support/portraits-engine.ts';

const { engine, generator, folder } = await portraitsEngine();

const lane = { lane: 'batch' } as const;
/** A whole training and 100 pictures: under a minute on two quiet cores. */
const TIMEOUT = 900_000;

/** Trains as the product does and gives the version's file. */
async function train(name: string, seeds: readonly number[]): Promise<string> {
  const versionFile = join(folder, `${name}.safetensors`);
  const files = { cacheFolder: join(folder, 'features'), checkpointFile: join(folder, `${name}.checkpoint`), versionFile };
  await engine.run(trainVersionTask, { ...trainingOptions, ...files, generator, images: annotated(seeds) }, lane);
  return versionFile;
}

test('one annotated image, trained and predicted again: at least 95 % of its pixels are right', {
  timeout: TIMEOUT,
}, async () => {
  const versionFile = await train('one', [10_000]);
  const { labelMap } = await engine.run(predictTask, { generator, image: portrait(10_000), versionFile }, lane);
  const confusion = emptyConfusion(labels.length);
  addToConfusion(confusion, truthMap(10_000).data, labelMap);
  expect(pixelAccuracy(confusion)).toBeGreaterThanOrEqual(0.95);
});

test('16 annotated, 100 held out: areas are those of the truth, and the uncertain tenth is the worse one', {
  timeout: TIMEOUT,
}, async () => {
  const HELD_OUT = 100;
  const versionFile = await train(
    'sixteen',
    Array.from({ length: 16 }, (_, i) => 10_000 + i),
  );
  const confusion = emptyConfusion(labels.length);
  const images: { js: number; mIoU: number }[] = [];
  const inAll = new Set(labels.keys());
  for (let seed = 5000; seed < 5000 + HELD_OUT; seed++) {
    const { labelMap, js } = await engine.run(predictTask, { generator, image: portrait(seed), versionFile }, lane);
    const truth = truthMap(seed).data;
    for (const label of inAll) if (!truth.includes(label)) inAll.delete(label);
    addToConfusion(confusion, truth, labelMap);
    const own = emptyConfusion(labels.length);
    addToConfusion(own, truth, labelMap);
    images.push({ js, mIoU: meanIntersectionOverUnion(intersectionOverUnion(own))! });
  }

  const K = labels.length;
  const shown = [...inAll].map((label) => labels[label]);
  expect(shown).toEqual(expect.arrayContaining(['background', 'face', 'neck', 'nose', 'mouth']));
  for (const label of inAll) {
    let [truth, predicted] = [0, 0];
    for (let other = 0; other < K; other++) {
      truth += confusion.counts[label * K + other]!;
      predicted += confusion.counts[other * K + label]!;
    }
    // By the draw of pixels, with these 16 pictures: eyes 5 to 15 % too large, brows 0 to 10 %, ears 8 % too small to 8 % too large, noses 7 to 17 % too
    // small. Another processor rounds otherwise, which is like another draw.
    const tolerance = { ear: 0.2, brow: 0.25, eye: 0.3, nose: 0.35 }[labels[label]!] ?? 0.1;
    expect(Math.abs(predicted / truth - 1), `${labels[label]}: ${(predicted / truth).toFixed(3)}`).toBeLessThanOrEqual(tolerance);
  }
  expect(meanIntersectionOverUnion(intersectionOverUnion(confusion))).toBeGreaterThanOrEqual(0.735);

  images.sort((a, b) => b.js - a.js);
  const mean = (part: typeof images) => part.reduce((sum, { mIoU }) => sum + mIoU, 0) / part.length;
  expect(mean(images.slice(0, 10))).toBeLessThan(mean(images.slice(10)));
});
