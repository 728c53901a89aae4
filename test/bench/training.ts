/**
 * Training time and memory of 16 pictures, ten members, sample weights on, from the numbers that are kept of each pixel: 256 directions of a basis,
 * whatever the generator (5,056 features at StyleGAN1's size before). The product's schedule, and 5 epochs of the same batch for comparison. Then 16 and
 * 500 annotated pictures whose features are cached, as they are when one more annotation arrives.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stepsFor } from '../../src/interpreter/ensemble/schedule.ts';
import { trainEnsemble } from '../../src/interpreter/ensemble/train-ensemble.ts';
import { Random } from '../../src/interpreter/learning/random.ts';
import { BASIS, DEFAULT_SETTINGS, type TrainingSettings } from '../../src/interpreter/recipe.ts';
import type { AnnotatedMap } from '../../src/interpreter/sampling/annotation.ts';
import { FeatureCache } from '../../src/interpreter/sampling/feature-cache.ts';
import { imagesThatFit, pixelsPerImage } from '../../src/interpreter/sampling/pixel-budget.ts';
import { memberWeights } from '../../src/interpreter/sampling/resample.ts';
import { collectTrainingData, type TrainingPicture } from '../../src/interpreter/sampling/training-data.ts';
import type { TrainingMatrix } from '../../src/interpreter/sampling/training-matrix.ts';
import { benchContext } from './support/bench-context.ts';
import { machine, median, report } from './support/report.ts';

const CLASSES = 24;
const SIDE = 64;
const TRAIN_MEMORY = 0.75e9;
const RUNS = Number(process.argv[2] ?? 3);
const context = benchContext(2);

type LabelledPicture = TrainingPicture & { readonly map: AnnotatedMap };

/** A label map with every class in it, and features that tell the classes apart with some noise. */
function picture(index: number): LabelledPicture {
  const data = Uint8Array.from({ length: SIDE * SIDE }, (_, pixel) => (Math.floor(pixel / SIDE / 4) * 5 + index) % CLASSES);
  return { key: index.toString(16).padStart(64, '0'), map: { width: SIDE, height: SIDE, data } };
}

function featuresOf(pictures: readonly LabelledPicture[], dims: number) {
  const centres = new Random(1, 'weights');
  const means = Float32Array.from({ length: CLASSES * dims }, () => centres.normal());
  return (index: number, pixels: Int32Array): Promise<Float32Array> => {
    // Cheap noise: the time of drawing normals is not what is measured.
    const random = new Random(1, 'pixels', index);
    const noise = Float32Array.from({ length: 4096 }, () => 2 * random.normal());
    const out = new Float32Array(pixels.length * dims);
    for (const [row, pixel] of pixels.entries()) {
      const label = pictures[index]!.map.data[pixel]!;
      const shift = random.below(4096);
      for (let d = 0; d < dims; d++) out[row * dims + d] = means[label * dims + d]! + noise[(d + shift) % 4096]!;
    }
    return Promise.resolve(out);
  };
}

async function collect(count: number, dims: number, folder: string): Promise<TrainingMatrix> {
  const pictures = Array.from({ length: count }, (_, index) => picture(index));
  const { matrix } = await collectTrainingData({
    pictures,
    dims,
    labelOf: Array.from({ length: CLASSES }, (_, label) => label),
    pixelsPerImage: pixelsPerImage(
      TRAIN_MEMORY,
      dims,
      Math.min(count, imagesThatFit(TRAIN_MEMORY, dims)),
      DEFAULT_SETTINGS.pixelsPerImage,
    ),
    seed: 0,
    cache: new FeatureCache(folder, 2 * TRAIN_MEMORY),
    sample: featuresOf(pictures, dims),
  });
  return matrix;
}

async function train(matrix: TrainingMatrix, settings: TrainingSettings): Promise<readonly number[]> {
  const rows = Int32Array.from({ length: matrix.rows }, (_, row) => row);
  const shape = { dims: matrix.dims, members: settings.members, hidden: [128, 32] as const, classes: CLASSES };
  const weights = memberWeights(matrix, rows, shape.members, 0);
  const { losses } = await trainEnsemble(context, { matrix, shape, settings, seed: 0, fold: 0, rows, weights });
  return losses;
}

async function seconds(call: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await call();
  return (performance.now() - start) / 1000;
}

async function medianOf(call: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) times.push(await seconds(call));
  return median(times);
}

const folder = mkdtempSync(join(tmpdir(), 'datasetgan-bench-training-'));
try {
  console.log(`training: ten members, B = ${DEFAULT_SETTINGS.batch}, K = ${CLASSES}, median of ${RUNS}; ${machine()}`);
  const scheduleOf = (images: number) => {
    const settings = stepsFor(images, DEFAULT_SETTINGS);
    return { ...settings, maxSteps: settings.steps };
  };
  const schedule = scheduleOf(16);
  const dims = BASIS.directions;
  {
    const matrix = await collect(16, dims, join(folder, '16'));
    const epochs = { ...schedule, steps: Math.ceil((5 * matrix.rows) / schedule.batch), maxSteps: 0 };
    const losses = await train(matrix, { ...schedule, steps: 50, maxSteps: 50 });
    report(`${schedule.steps} steps, ${matrix.rows} x ${dims}`, await medianOf(() => train(matrix, schedule)), 8, 's');
    report(`5 epochs (${epochs.steps} steps)`, await medianOf(() => train(matrix, epochs)), 40, 's');
    report('peak memory of the process', (process.resourceUsage().maxRSS * 1024) / 1e9, 0.6, 'GB');
    console.log(`  loss ${losses[0]!.toFixed(2)} at first, ${losses.at(-1)!.toFixed(2)} after ${losses.length} steps`);
  }
  const whole = (count: number) => async () => train(await collect(count, dims, join(folder, `${count}`)), scheduleOf(count));
  for (const count of [16, 500]) await collect(count, dims, join(folder, `${count}`));
  const few = await medianOf(whole(16));
  const many = await medianOf(whole(500));
  report('500 annotated pictures over 16, features cached', many / few, 3, 'x');
  console.log(`  16 pictures: ${few.toFixed(1)} s, 500 pictures: ${many.toFixed(1)} s`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
