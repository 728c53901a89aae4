/**
 * The next picture: mIoU on held-out pictures of portraits-256 after 1, 2, … 8 annotated pictures, chosen one after the other from a pool of unlabelled ones.
 * The first is the same for all. The others are chosen at random, by uncertainty alone (JS), or by JS times the distance to the nearest annotated picture:
 * in styles, or in features pooled over the picture. The anchor is random choice; each draw has its own pool.
 *
 *     npm run bench:next -- [draws] [pool] [held-out pictures] [annotated pictures] [pattern of rules beside random]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Classifier, foldClassifier } from '../../src/interpreter/ensemble/classifier.ts';
import { classifyBatch, classifyRows } from '../../src/interpreter/ensemble/classify-graph.ts';
import { stepsFor } from '../../src/interpreter/ensemble/schedule.ts';
import { trainEnsemble } from '../../src/interpreter/ensemble/train-ensemble.ts';
import { basisOf } from '../../src/interpreter/features/basis-file.ts';
import { emphasis, projectionOf } from '../../src/interpreter/features/feature-basis.ts';
import { generatorNetwork } from '../../src/interpreter/features/generator-network.ts';
import { sampleProjected } from '../../src/interpreter/features/sample-features.ts';
import { nextPictures, type Points } from '../../src/interpreter/inference/next-pictures.ts';
import { imageDivergence } from '../../src/interpreter/inference/uncertainty.ts';
import {
  addToConfusion,
  emptyConfusion,
  intersectionOverUnion,
  meanIntersectionOverUnion,
} from '../../src/interpreter/learning/metrics.ts';
import { Random } from '../../src/interpreter/learning/random.ts';
import { classPriors } from '../../src/interpreter/sampling/class-prior.ts';
import { memberWeights } from '../../src/interpreter/sampling/resample.ts';
import { emptyMatrix, fillRows, freeMatrix, type TrainingMatrix } from '../../src/interpreter/sampling/training-matrix.ts';
import { networkOfGenerator } from '../../src/interpreter/versions/generator-training.ts';
import { prepareTraining } from '../../src/interpreter/versions/prepare-training.ts';
import { styles } from '../../src/stylegan/styles.ts';
import {
  annotated,
  labels,
  openPortraits,
  portrait,
  trainingOptions,
  truthMap,
} from '../integration/interpreter/support/portraits.ts';
import { benchContext } from './support/bench-context.ts';
import { machine, report } from './support/report.ts';
import { meanProbability, memberSoftmax } from './support/softmax.ts';

const [DRAWS = 6, POOL = 100, HELD_OUT = 120, MOST = 8] = process.argv.slice(2, 6).map(Number);
const WANTED = new RegExp(process.argv[6] ?? '');
/** Of ten: choices are compared here, and this is twice as fast. */
const MEMBERS = 5;
const PIXELS = 256;
const HELD_OUT_SEED = 5000;
const POOL_SEED = 20_000;
const SEEDS_A_DRAW = 1000;
const K = labels.length;
const ALL_RULES = ['random', 'js', 'js x style distance', 'js x feature distance'] as const;
type Rule = (typeof ALL_RULES)[number];
const RULES = ALL_RULES.filter((rule) => rule === 'random' || WANTED.test(rule));

const generator = await openPortraits();
const network = generatorNetwork(generator);
const context = benchContext(1);
const basis = await basisOf(context, generator);
const projection = projectionOf(basis);
const emphasised = emphasis(basis, 1);
const folder = mkdtempSync(join(tmpdir(), 'datasetgan-bench-next-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

interface Pictures {
  readonly seeds: readonly number[];
  /** PIXELS rows of each picture, on the basis. */
  readonly matrix: TrainingMatrix;
  readonly truth: Uint8Array;
  readonly pooled: Points;
  readonly styles: Points;
}

async function sample(first: number, count: number): Promise<Pictures> {
  const seeds = Array.from({ length: count }, (_, i) => first + i);
  const size = basis.directions;
  const matrix = emptyMatrix(count * PIXELS, size);
  const truth = new Uint8Array(count * PIXELS);
  const pooled = new Float32Array(count * size);
  for (const [i, seed] of seeds.entries()) {
    const map = truthMap(seed).data;
    const random = new Random(0, 'pixels', seed);
    const pixels = Int32Array.from({ length: PIXELS }, () => random.below(map.length));
    const features = await sampleProjected(context, network, projection, portrait(seed), pixels);
    fillRows(matrix, i * PIXELS, features);
    truth.set(
      pixels.map((pixel) => map[pixel]!),
      i * PIXELS,
    );
    for (const [at, value] of features.entries()) pooled[i * size + (at % size)]! += (emphasised[at % size]! * value) / PIXELS;
  }
  const ws = await styles(context, generator, seeds.map(portrait));
  return { seeds, matrix, truth, pooled: { values: pooled, size }, styles: { values: ws, size: ws.length / count } };
}

/** An ensemble for features on the basis. */
async function train(seeds: readonly number[]): Promise<Classifier> {
  const settings = { ...trainingOptions.settings, members: MEMBERS };
  const input = { ...trainingOptions, settings, generator, images: annotated(seeds), cacheFolder: join(folder, 'features') };
  const on = await networkOfGenerator(input, context);
  const masks = (await prepareTraining(input, on, context, () => undefined)).masks!;
  const { data, shape } = masks;
  const rows = Int32Array.from({ length: data.matrix.rows }, (_, row) => row);
  const weights = memberWeights(data.matrix, rows, shape.members, input.seed);
  const schedule = stepsFor(seeds.length, settings);
  const run = { matrix: data.matrix, shape, settings: schedule, seed: input.seed, fold: 0, rows, weights };
  const { state } = await trainEnsemble(context, run);
  const prior = classPriors(data.matrix.labels, rows, data.represents, weights, shape.members, shape.classes);
  freeMatrix(data.matrix);
  return foldClassifier({ ...masks, state, labels: K, prior });
}

async function accuracy(classifier: Classifier, { matrix, truth }: Pictures): Promise<number> {
  const confusion = emptyConfusion(K);
  addToConfusion(confusion, truth, await classifyRows(context, classifier, matrix));
  return meanIntersectionOverUnion(intersectionOverUnion(confusion))!;
}

/** JS of each picture, in nats. */
async function uncertainty(classifier: Classifier, { seeds, matrix }: Pictures): Promise<number[]> {
  const all: number[] = [];
  for (const picture of seeds.keys()) {
    const [from, to] = [picture * PIXELS, (picture + 1) * PIXELS];
    const logits = (await classifyBatch(context, classifier, matrix, from, to, 'logits')) as Float32Array;
    all.push(imageDivergence(Float32Array.from({ length: PIXELS }, (_, pixel) => pixelDivergence(logits, pixel))));
  }
  return all;
}

/** logits: [E, PIXELS, K] */
function pixelDivergence(logits: Float32Array, pixel: number): number {
  const softmax = memberSoftmax(logits, MEMBERS, K, pixel);
  return entropy(meanProbability(softmax)) - softmax.reduce((sum, own) => sum + entropy(own), 0) / MEMBERS;
}

const entropy = (probability: Float64Array) => probability.reduce((sum, p) => (p === 0 ? sum : sum - p * Math.log(p)), 0);

function some({ values, size }: Points, indices: readonly number[]): Points {
  const out = new Float32Array(indices.length * size);
  for (const [i, index] of indices.entries()) out.set(values.subarray(index * size, (index + 1) * size), i * size);
  return { values: out, size };
}

async function choose(
  rule: Rule,
  classifier: Classifier,
  pool: Pictures,
  chosen: readonly number[],
  random: Random,
): Promise<number> {
  const open = [...pool.seeds.keys()].filter((index) => !chosen.includes(index));
  if (rule === 'random') return open[random.below(open.length)]!;
  const js = await uncertainty(classifier, pool);
  const points = rule === 'js x style distance' ? pool.styles : pool.pooled;
  const known = rule === 'js' ? some(points, []) : some(points, chosen);
  const own = open.map((index) => js[index]!);
  return open[nextPictures(some(points, open), own, known, 1)[0]!]!;
}

const heldOut = await sample(HELD_OUT_SEED, HELD_OUT);
/** By rule and number of pictures: mIoU of each draw. */
const figures = new Map<Rule, number[][]>(RULES.map((rule) => [rule, Array.from({ length: MOST }, () => [])]));
for (let draw = 0; draw < DRAWS; draw++) {
  const pool = await sample(POOL_SEED + SEEDS_A_DRAW * draw, POOL);
  const start = await train([pool.seeds[0]!]);
  const first = await accuracy(start, heldOut);
  for (const rule of RULES) {
    const random = new Random(draw, 'folds', 2);
    const chosen = [0];
    let classifier = start;
    figures.get(rule)![0]!.push(first);
    while (chosen.length < MOST) {
      chosen.push(await choose(rule, classifier, pool, chosen, random));
      classifier = await train(chosen.map((index) => pool.seeds[index]!));
      figures.get(rule)![chosen.length - 1]!.push(await accuracy(classifier, heldOut));
    }
    const last = figures.get(rule)!.map((values) => values.at(-1)!.toFixed(3));
    process.stderr.write(`draw ${draw + 1}, ${rule}: ${last.join(' ')}\n`);
  }
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: readonly number[]) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));

console.log(`next: mIoU on ${HELD_OUT} held-out pictures, chosen from ${POOL}, ${DRAWS} draws, mean ± deviation; ${machine()}`);
console.log(`  ${'annotated'.padEnd(24)}${Array.from({ length: MOST }, (_, i) => `${i + 1}`.padStart(14)).join('')}`);
for (const rule of RULES) {
  const row = figures.get(rule)!.map((values) => `${mean(values).toFixed(3)} ± ${deviation(values).toFixed(3)}`.padStart(14));
  console.log(`  ${rule.padEnd(24)}${row.join('')}`);
}
const atRandom = figures.get('random')!.at(-1)!;
for (const rule of RULES.slice(1)) {
  const own = figures.get(rule)!.at(-1)!;
  const gains = own.map((value, draw) => value - atRandom[draw]!);
  const wins = gains.filter((gain) => gain > 0).length;
  const error = deviation(gains) / Math.sqrt(DRAWS - 1);
  console.log(`  ${MOST} annotated, ${rule}: ${mean(gains).toFixed(4)} ± ${error.toFixed(4)} (standard error) above random`);
  report(`${MOST} annotated, ${rule} (better in ${wins} of ${DRAWS} draws)`, mean(own), mean(atRandom), 'mIoU', 'more');
}
process.exit(0);
