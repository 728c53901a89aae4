/**
 * Keypoints of portraits-256 against their exact places on 100 fixed held-out seeds, with 1, 2, 4, 8 and 16 annotated pictures, three draws of annotated
 * seeds each, clicked with an error of 1 px (standard deviation) in each direction: PCK at 2, 5 and 10 % of the longer side, median and 95th percentile
 * error, precision and recall of absence, and left taken for right. PCK is over the points that the held-out picture shows, of keypoints that some
 * annotated picture shows; one that is called absent is not found. Errors are of those that are found at all. A point is swapped that is nearer to the other
 * side's place than to its own.
 * Beside it a reference: the pixel whose feature vector (256 directions of the generator's basis, as they are) is nearest to that of an annotated point. It
 * calls nothing absent, so the two are compared over the points that the version calls visible, too. Time is that of all cores together.
 *
 *     npm run bench:keypoints -- [held-out pictures] [draws] [annotated, separated by commas]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { basisOf } from '../../src/interpreter/features/basis-file.ts';
import { projectionOf } from '../../src/interpreter/features/feature-basis.ts';
import { generatorNetwork } from '../../src/interpreter/features/generator-network.ts';
import { sampleProjected } from '../../src/interpreter/features/sample-features.ts';
import { predict } from '../../src/interpreter/inference/predict.ts';
import { trainVersion } from '../../src/interpreter/versions/train-version.ts';
import type { Point } from '../../src/keypoints/keypoint.ts';
import { clicked, keypointNames, truthKeypoints } from '../integration/interpreter/support/portrait-keypoints.ts';
import { openPortraits, portrait, trainingOptions } from '../integration/interpreter/support/portraits.ts';
import { benchContext } from './support/bench-context.ts';
import { machine, median, report } from './support/report.ts';

const [heldOut = '100', draws = '3', counts = '1,2,4,8,16'] = process.argv.slice(2);
const HELD_OUT = Number(heldOut);
const DRAWS = Number(draws);
const COUNTS = counts.split(',').map(Number);
const CLICK_NOISE_PX = 1;
const SIDE = 256;
/** The reference looks at every second pixel of every second row. */
const STRIDE = 2;
const ANCHORS: Readonly<Record<number, number>> = { 1: 0.85, 16: 0.95 };
const MEDIAN_ANCHOR_PX = 2;

const generator = await openPortraits();
const network = generatorNetwork(generator);
const context = benchContext(2);
const basis = await basisOf(context, generator);
const projection = projectionOf(basis);
const folder = mkdtempSync(join(tmpdir(), 'datasetgan-bench-keypoints-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/** What is said of one keypoint of one held-out picture. */
interface Answer {
  readonly keypoint: number;
  readonly seen: Point | null;
  readonly truth: Point | null;
  /** Where its counterpart on the other side is. */
  readonly other: Point | null;
}

interface Run {
  readonly count: number;
  readonly versionFile: string;
  /** Of all cores together. */
  readonly cpuSeconds: number;
  readonly annotated: ReturnType<typeof clicked>;
  /** Feature vectors of the annotated points, by keypoint. */
  readonly vectors: readonly (readonly Float32Array[])[];
  readonly answers: Answer[];
  readonly reference: Answer[];
}

const featuresAt = (seed: number, pixels: Int32Array) => sampleProjected(context, network, projection, portrait(seed), pixels);

async function train(count: number, draw: number): Promise<Run> {
  process.stderr.write(`training with ${count} annotated, draw ${draw + 1}\n`);
  const annotated = clicked(
    Array.from({ length: count }, (_, i) => 10_000 + 1000 * draw + i),
    CLICK_NOISE_PX,
  );
  const versionFile = join(folder, `${count}-${draw}.safetensors`);
  const files = { cacheFolder: join(folder, 'features'), checkpointFile: join(folder, 'checkpoint'), versionFile };
  const options = { ...trainingOptions, labels: ['Background'], keypoints: keypointNames };
  const before = process.cpuUsage();
  await trainVersion({ ...options, ...files, generator, images: annotated }, context);
  const { user, system } = process.cpuUsage(before);
  const vectors = keypointNames.map((): Float32Array[] => []);
  for (const { image, keypoints } of annotated) {
    for (const [k, point] of keypoints.entries()) {
      if (point === null) continue;
      const clamp = (value: number) => Math.min(SIDE - 1, Math.max(0, Math.floor(value)));
      vectors[k]!.push(await featuresAt(image.seed, Int32Array.of(clamp(point.y) * SIDE + clamp(point.x))));
    }
  }
  return { count, versionFile, cpuSeconds: (user + system) / 1e6, annotated, vectors, answers: [], reference: [] };
}

const counterpart = (k: number): number => {
  const name = keypointNames[k]!;
  return keypointNames.indexOf(name.endsWith('left') ? name.replace('left', 'right') : name.replace('right', 'left'));
};

const grid = Int32Array.from({ length: (SIDE / STRIDE) ** 2 }, (_, i) => {
  const columns = SIDE / STRIDE;
  return STRIDE * Math.floor(i / columns) * SIDE + STRIDE * (i % columns);
});

/** The pixel whose features are nearest to one of the vectors. */
function nearest(features: Float32Array, vectors: readonly Float32Array[]): Point {
  const dims = basis.directions;
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (const vector of vectors) {
    for (let row = 0; row < grid.length; row++) {
      let sum = 0;
      for (let i = 0; i < dims && sum < least; i++) sum += (features[row * dims + i]! - vector[i]!) ** 2;
      if (sum < least) [best, least] = [row, sum];
    }
  }
  return { x: (grid[best]! % SIDE) + 0.5, y: Math.floor(grid[best]! / SIDE) + 0.5 };
}

async function evaluate(runs: readonly Run[]): Promise<void> {
  for (let seed = 5000; seed < 5000 + HELD_OUT; seed++) {
    const truth = truthKeypoints(seed);
    const features = await featuresAt(seed, grid);
    for (const { versionFile, vectors, answers, reference } of runs) {
      const { keypoints } = await predict({ generator, image: portrait(seed), versionFile }, context);
      for (const k of keypointNames.keys()) {
        if (vectors[k]!.length === 0) continue;
        const other = counterpart(k);
        const about = { keypoint: k, truth: truth[k]!, other: other === k || other === -1 ? null : truth[other]! };
        answers.push({ ...about, seen: keypoints.find(({ keypoint }) => keypoint === k) ?? null });
        reference.push({ ...about, seen: nearest(features, vectors[k]!) });
      }
    }
    process.stderr.write(`\r${seed - 4999} of ${HELD_OUT} held-out pictures `);
  }
  process.stderr.write('\n');
}

const apart = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

function figures(answers: readonly Answer[]) {
  const shown = answers.filter(({ truth }) => truth !== null);
  const errors = shown.flatMap(({ seen, truth }) => (seen === null ? [] : [apart(seen, truth!)])).sort((a, b) => a - b);
  const pck = (share: number) => errors.filter((error) => error <= share * SIDE).length / shown.length;
  const absent = answers.filter(({ seen }) => seen === null);
  const rightly = absent.filter(({ truth }) => truth === null).length;
  return {
    pck2: pck(0.02),
    pck5: pck(0.05),
    pck10: pck(0.1),
    pck5OfSeen: errors.filter((error) => error <= 0.05 * SIDE).length / errors.length,
    median: median(errors),
    worst: errors[Math.floor(0.95 * errors.length)]!,
    precision: rightly / absent.length,
    recall: rightly / (answers.length - shown.length),
    absent: answers.length - shown.length,
    swaps: shown.filter(({ seen, truth, other }) => seen !== null && other !== null && apart(seen, other) < apart(seen, truth!))
      .length,
    shown: shown.length,
  };
}

const runs: Run[] = [];
for (const count of COUNTS) for (let draw = 0; draw < DRAWS; draw++) runs.push(await train(count, draw));
await evaluate(runs);

console.log(
  `keypoints: ${HELD_OUT} held-out pictures of portraits-256, ${DRAWS} draws, clicks off by ${CLICK_NOISE_PX} px; ${machine()}`,
);
const share = (value: number) => (Number.isNaN(value) ? 'none' : value.toFixed(3));
for (const count of COUNTS) {
  const own = runs.filter((run) => run.count === count);
  const ours = figures(own.flatMap(({ answers }) => answers));
  const plain = figures(own.flatMap(({ reference }) => reference));
  const beside = figures(own.flatMap(({ answers, reference }) => reference.filter((_, i) => answers[i]!.seen !== null)));
  report(`${count} annotated: PCK@5 %`, ours.pck5, ANCHORS[count] ?? plain.pck5, 'of 1', 'more');
  if (count === 16) report(`${count} annotated: median error`, ours.median, MEDIAN_ANCHOR_PX, 'px');
  report('  over that of the nearest feature vector', ours.pck5, plain.pck5, 'of 1', 'more');
  report('  the same, of those called visible', ours.pck5OfSeen, beside.pck5OfSeen, 'of 1', 'more');
  console.log(
    `  PCK@2 % ${share(ours.pck2)} (nearest ${share(plain.pck2)}), @10 % ${share(ours.pck10)} (${share(plain.pck10)}); error median ${ours.median.toFixed(2)} px (${plain.median.toFixed(2)}), 95th percentile ${ours.worst.toFixed(1)} px (${plain.worst.toFixed(1)})`,
  );
  console.log(
    `  absence: precision ${share(ours.precision)}, recall ${share(ours.recall)} of ${ours.absent}; sides swapped ${ours.swaps} of ${ours.shown} (nearest ${plain.swaps}); sampling and training ${median(own.map(({ cpuSeconds }) => cpuSeconds)).toFixed(1)} s of CPU time`,
  );
}
console.log('  16 annotated, by keypoint: PCK@5 %, median error, absence precision and recall');
for (const [k, name] of keypointNames.entries()) {
  const own = figures(
    runs.filter(({ count }) => count === 16).flatMap(({ answers }) => answers.filter(({ keypoint }) => keypoint === k)),
  );
  if (own.shown > 0)
    console.log(
      `    ${name.padEnd(14)} ${share(own.pck5)}  ${own.median.toFixed(2)} px  ${share(own.precision)} ${share(own.recall)}`,
    );
}
process.exit(0);
