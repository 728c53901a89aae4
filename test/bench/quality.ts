/**
 * mIoU against the exact parts of portraits-256 on 100 fixed held-out seeds, with 1, 2, 4, 8 and 16 annotated pictures, three draws of
 * annotated seeds each, beside the ceiling (200 annotated) and a plain reference: concatenated features as they are, every weight 1, the
 * mean of the softmax, the same pixels, priors and steps. The reference is compared on 4,096 pixels of each held-out picture, where its
 * concatenated features are few enough to be made; the product's figures are of all pixels, and of those pixels too.
 *
 *     npm run bench:quality -- [held-out pictures] [draws] [ceiling 200 or 0]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Classifier, foldClassifier } from '../../src/interpreter/ensemble/classifier.ts';
import { trainEnsemble } from '../../src/interpreter/ensemble/train-ensemble.ts';
import { layoutOf } from '../../src/interpreter/features/generator-layout.ts';
import { generatorNetwork } from '../../src/interpreter/features/generator-network.ts';
import { featureKey, sampleFeatures } from '../../src/interpreter/features/sample-features.ts';
import { predict } from '../../src/interpreter/inference/predict.ts';
import {
  addToConfusion,
  type Confusion,
  emptyConfusion,
  intersectionOverUnion,
  meanIntersectionOverUnion,
} from '../../src/interpreter/learning/metrics.ts';
import { Random } from '../../src/interpreter/learning/random.ts';
import { DEFAULT_SETTINGS } from '../../src/interpreter/recipe.ts';
import { classPriors } from '../../src/interpreter/sampling/class-prior.ts';
import { FeatureCache } from '../../src/interpreter/sampling/feature-cache.ts';
import { pixelsPerImage } from '../../src/interpreter/sampling/pixel-budget.ts';
import { collectTrainingData } from '../../src/interpreter/sampling/training-data.ts';
import { emptyMatrix, fillRows } from '../../src/interpreter/sampling/training-matrix.ts';
import { trainVersion } from '../../src/interpreter/versions/train-version.ts';
import { summariseAnnotation } from '../../src/interpreter/versions/version-id.ts';
import {
  annotated,
  labels,
  openPortraits,
  portrait,
  trainingOptions,
  truthMap,
} from '../integration/interpreter/support/portraits.ts';
import { classifyLogits } from '../support/classify-logits.ts';
import { benchContext } from './support/bench-context.ts';
import { machine, report } from './support/report.ts';
import { meanProbability, memberSoftmax } from './support/softmax.ts';

const [HELD_OUT = 100, DRAWS = 3, CEILING = 200] = process.argv.slice(2).map(Number);
const COUNTS = [1, 2, 4, 8, 16];
const ANCHORS = [0.615, 0.665, 0.7, 0.74, 0.765];
const COMPARED_PIXELS = 4096;
const K = labels.length;

const generator = await openPortraits();
const network = generatorNetwork(generator);
const layout = layoutOf(generator);
const context = benchContext(2);
const folder = mkdtempSync(join(tmpdir(), 'datasetgan-bench-quality-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const cacheFolder = join(folder, 'features');

interface Run {
  readonly count: number;
  readonly versionFile: string;
  readonly reference: Classifier | undefined;
  readonly all: Confusion;
  readonly compared: Confusion;
  readonly plain: Confusion;
  readonly images: { js: number; mIoU: number }[];
}

const seedsOf = (draw: number, count: number) => Array.from({ length: count }, (_, i) => 10_000 + 1000 * draw + i);

async function trainRun(count: number, draw: number, withReference: boolean): Promise<Run> {
  process.stderr.write(`training with ${count} annotated, draw ${draw + 1}\n`);
  const versionFile = join(folder, `${count}-${draw}.safetensors`);
  const images = annotated(seedsOf(draw, count));
  const files = { cacheFolder, checkpointFile: join(folder, 'checkpoint'), versionFile };
  await trainVersion({ ...trainingOptions, ...files, generator, images }, context);
  const confusions = { all: emptyConfusion(K), compared: emptyConfusion(K), plain: emptyConfusion(K) };
  const reference = withReference ? await trainReference(images) : undefined;
  return { count, versionFile, reference, ...confusions, images: [] };
}

/** The released recipe on the product's pixels: no scaling of features, no resampling of pixels. */
async function trainReference(images: ReturnType<typeof annotated>): Promise<Classifier> {
  const { seed, trainMemory } = trainingOptions;
  const settings = { ...DEFAULT_SETTINGS, learningRate: 1e-3, pixelsPerImage: 2000, steps: 600, maxSteps: 600 };
  const labelOf = [...labels.keys()].filter((label) => images.some(({ labelMap }) => labelMap.data.includes(label)));
  const { matrix, represents } = await collectTrainingData({
    pictures: images.map(({ image, labelMap }) => ({
      key: featureKey(image, layout, 'as they are', summariseAnnotation(labelMap, K).sha256, seed),
      map: labelMap,
    })),
    dims: layout.dims,
    labelOf,
    pixelsPerImage: pixelsPerImage(trainMemory, layout.dims, images.length, settings.pixelsPerImage),
    seed,
    cache: new FeatureCache(cacheFolder, 2 * trainMemory),
    sample: (index, pixels) => sampleFeatures(context, network, images[index]!.image, pixels),
  });
  const shape = { dims: layout.dims, members: settings.members, hidden: [128, 32] as const, classes: labelOf.length };
  const rows = Int32Array.from({ length: matrix.rows }, (_, row) => row);
  const weights = new Float32Array(matrix.rows * shape.members).fill(1);
  const { state } = await trainEnsemble(context, { matrix, shape, settings, seed, fold: 0, rows, weights });
  const prior = classPriors(matrix.labels, rows, represents, weights, shape.members, shape.classes);
  const inputs = { mean: new Float64Array(shape.dims), scale: new Float64Array(shape.dims).fill(1) };
  return foldClassifier({ shape, state, inputs, labelOf, labels: K, prior });
}

/** The class of greatest mean softmax. logits: [E, P, K]. */
function meanSoftmax(logits: Float32Array, members: number): Uint8Array {
  const pixels = logits.length / members / K;
  return Uint8Array.from({ length: pixels }, (_, pixel) => {
    const mean = meanProbability(memberSoftmax(logits, members, K, pixel));
    return mean.indexOf(Math.max(...mean));
  });
}

const mIoU = (confusion: Confusion): number => meanIntersectionOverUnion(intersectionOverUnion(confusion))!;

async function evaluate(runs: readonly Run[]): Promise<void> {
  for (let seed = 5000; seed < 5000 + HELD_OUT; seed++) {
    const image = portrait(seed);
    const truth = truthMap(seed).data;
    const random = new Random(0, 'pixels', seed);
    const pixels = Int32Array.from({ length: COMPARED_PIXELS }, () => random.below(truth.length));
    const matrix = emptyMatrix(COMPARED_PIXELS, layout.dims);
    fillRows(matrix, 0, await sampleFeatures(context, network, image, pixels));
    const compared = pixels.map((pixel) => truth[pixel]!);
    for (const run of runs) {
      const { labelMap, js } = await predict({ generator, image, versionFile: run.versionFile }, context);
      addToConfusion(run.all, truth, labelMap);
      addToConfusion(
        run.compared,
        compared,
        pixels.map((pixel) => labelMap[pixel]!),
      );
      const own = emptyConfusion(K);
      addToConfusion(own, truth, labelMap);
      run.images.push({ js, mIoU: mIoU(own) });
      if (run.reference === undefined) continue;
      const logits = await classifyLogits(context, run.reference, matrix);
      addToConfusion(run.plain, compared, meanSoftmax(logits, run.reference.shape.members));
    }
    process.stderr.write(`\r${seed - 4999} of ${HELD_OUT} held-out pictures `);
  }
  process.stderr.write('\n');
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values);

const runs: Run[] = [];
for (const count of COUNTS) for (let draw = 0; draw < DRAWS; draw++) runs.push(await trainRun(count, draw, true));
if (CEILING > 0) runs.push(await trainRun(CEILING, 0, false));
await evaluate(runs);

console.log(`quality: mIoU on ${HELD_OUT} held-out pictures of portraits-256, ${DRAWS} draws; ${machine()}`);
for (const [i, count] of COUNTS.entries()) {
  const own = runs.filter((run) => run.count === count);
  const values = own.map(({ all }) => mIoU(all));
  report(`${count} annotated (spread ${spread(values).toFixed(3)})`, mean(values), ANCHORS[i]!, 'mIoU', 'more');
  const plain = mean(own.map((run) => mIoU(run.plain)));
  report(
    '  over the plain reference - 0.005, on the same pixels',
    mean(own.map(({ compared }) => mIoU(compared))),
    plain - 0.005,
    'mIoU',
    'more',
  );
}
for (const run of runs.filter(({ count }) => count === CEILING))
  console.log(`  ceiling, ${CEILING} annotated: ${mIoU(run.all).toFixed(3)}`);

const sixteen = runs.filter(({ count }) => count === 16);
const worst = Math.ceil(0.1 * HELD_OUT);
const parts = sixteen.map(({ images }) => images.toSorted((a, b) => b.js - a.js).map((image) => image.mIoU));
const dropped = mean(parts.flatMap((part) => part.slice(0, worst)));
const kept = mean(parts.flatMap((part) => part.slice(worst)));
report('16 annotated: pictures kept by JS over the 10 % dropped', kept, dropped, 'mIoU', 'more');
console.log('  16 annotated, by label: IoU, predicted area over true area');
for (const [c, label] of labels.entries()) {
  const iou = mean(sixteen.map(({ all }) => intersectionOverUnion(all)[c] ?? 0));
  const area = mean(
    sixteen.map(({ all: { counts } }) => {
      let [truth, predicted] = [0, 0];
      for (let other = 0; other < K; other++) {
        truth += counts[c * K + other]!;
        predicted += counts[other * K + c]!;
      }
      return predicted / truth;
    }),
  );
  console.log(`    ${label.padEnd(12)} ${iou.toFixed(3)}  ${area.toFixed(2)}`);
}
process.exit(0);
