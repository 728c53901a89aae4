import { join } from 'node:path';
import { expect, test } from 'vitest';
import { guessInBoxes } from '../../../src/interpreter/boxes/label-box.ts';
import { ensureBasisTask } from '../../../src/interpreter/features/basis-file.ts';
import { predictTask } from '../../../src/interpreter/inference/predict.ts';
import { addToConfusion, emptyConfusion, intersectionOverUnion } from '../../../src/interpreter/learning/metrics.ts';
import { Random } from '../../../src/interpreter/learning/random.ts';
import type { AnnotatedImage } from '../../../src/interpreter/versions/prepare-training.ts';
import { type TrainVersionInput, trainVersionTask } from '../../../src/interpreter/versions/train-version.ts';
import { validateTask } from '../../../src/interpreter/versions/validate.ts';
import { planVersion, summariseAnnotation } from '../../../src/interpreter/versions/version-id.ts';
import { drawBoxes, outsideBoxes } from '../../support/simulated-boxes.ts';
import { annotated, labels, portrait, trainingOptions, truthMap } from './support/portraits.ts';
import { portraitsEngine } from './support/portraits-engine.ts';

const { engine, generator, folder } = await portraitsEngine();
const lane = { lane: 'batch' } as const;
const HELD_OUT = [5000, 5001, 5002, 5003];
/** A training short enough for a test; the arithmetic is the same. */
const settings = {
  ...trainingOptions.settings,
  members: 3,
  pixelsPerImage: 1500,
  steps: 150,
  stepsPerDoubling: 0,
  maxSteps: 150,
};

const inputOf = (
  name: string,
  images: readonly AnnotatedImage[],
  changes: Partial<TrainVersionInput> = {},
): TrainVersionInput => ({
  ...trainingOptions,
  settings,
  generator,
  images,
  cacheFolder: join(folder, 'features'),
  checkpointFile: join(folder, `${name}.checkpoint`),
  versionFile: join(folder, `${name}.safetensors`),
  ...changes,
});

function boxed(seed: number): Required<AnnotatedImage> {
  const truth = truthMap(seed);
  const boxes = drawBoxes(truth, new Random(1, 'pixels', seed));
  return { image: portrait(seed), labelMap: outsideBoxes(truth, boxes), boxes, keypoints: null };
}

/** Mean IoU of hair, face, neck and clothing in held-out pictures. */
async function partsIoU(versionFile: string): Promise<number> {
  const confusion = emptyConfusion(labels.length);
  for (const seed of HELD_OUT) {
    const { labelMap } = await engine.run(predictTask, { generator, image: portrait(seed), versionFile }, lane);
    addToConfusion(confusion, truthMap(seed).data, labelMap);
  }
  const iou = intersectionOverUnion(confusion);
  const parts = ['hair', 'face', 'neck', 'clothing'].map((label) => iou[labels.indexOf(label)] ?? 0);
  return parts.reduce((sum, own) => sum + own, 0) / parts.length;
}

const SEEDS = [10_000, 10_001, 10_002, 10_003];

test('boxes alone teach parts, far better than if they were masks; the same boxes give the same bytes', {
  timeout: 300_000,
}, async () => {
  const images = SEEDS.map(boxed);
  const input = inputOf('boxes', images);
  const record = await engine.run(trainVersionTask, input, lane);
  const basis = await engine.run(ensureBasisTask, { generator }, lane);
  const summaries = images.map((one) => ({ ...one, annotation: summariseAnnotation(one.labelMap, labels.length, one.boxes) }));
  expect(record.id).toBe(planVersion({ ...input, generator: generator.card.id, images: summaries, basis }).id);
  expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  expect(record.annotatedLabels.map((label) => labels[label])).toEqual(expect.arrayContaining(['hair', 'nose', 'clothing']));
  expect(record.images.map(({ boxes }) => boxes)).toEqual(images.map(({ boxes }) => boxes));
  expect(record.notes).toContainEqual(
    expect.stringMatching(/^Of the pixels in boxes [6-9]\d % were learnt: those on which all classifiers agreed\.$/),
  );

  const again = inputOf('again', images.toReversed());
  expect((await engine.run(trainVersionTask, again, lane)).weights).toBe(record.weights);

  const asMasks = images.map(({ labelMap, boxes, ...rest }) => ({ ...rest, labelMap: guessInBoxes(labelMap, boxes) }));
  const masks = inputOf('as-masks', asMasks);
  await engine.run(trainVersionTask, masks, lane);
  const [ofBoxes, ofMasks] = [await partsIoU(input.versionFile), await partsIoU(masks.versionFile)];
  expect(ofBoxes).toBeGreaterThan(ofMasks + 0.1);
});

test('boxes beside one full mask teach more than the mask alone', { timeout: 300_000 }, async () => {
  const [first, ...others] = SEEDS;
  const alone = inputOf('alone', annotated([first!]));
  const both = inputOf('both', [...annotated([first!]), ...others.map(boxed)]);
  await engine.run(trainVersionTask, alone, lane);
  await engine.run(trainVersionTask, both, lane);
  expect(await partsIoU(both.versionFile)).toBeGreaterThan(await partsIoU(alone.versionFile));

  const figures = await engine.run(validateTask, both, lane);
  expect(figures!.folds).toBe(4);
  // Only one picture shows parts as they are.
  expect(figures!.iou.slice(1).every((iou) => iou === null)).toBe(true);
  expect(figures!.iou[0]).toBeGreaterThan(0.9);
});

test('a picture with boxes only, and none of the labels painted anywhere, is enough for a version', async () => {
  const input = inputOf('one', [boxed(SEEDS[0]!)]);
  const { annotatedLabels, images } = await engine.run(trainVersionTask, input, lane);
  expect(annotatedLabels.length).toBeGreaterThan(8);
  expect(images[0]!.labelPixels[0]).toBeGreaterThan(10_000);
  expect(images[0]!.labelPixels.slice(1).every((pixels) => pixels === 0)).toBe(true);
});
