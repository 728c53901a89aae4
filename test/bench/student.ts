/**
 * The student: mIoU on renders that nothing has seen, of a segmenter for photographs that was trained on synthesized pairs. A version of portraits-256 with 16
 * annotated pictures makes the pairs, the least certain tenth left out. Pictures of the renderer, which never passed the StyleGAN, stand in for
 * photographs; their truth is exact. Beside it: (a) the same student on the 16 annotated pictures alone, (b) the same student on as many renders with truth,
 * (c) the version itself on generated pictures; and the same student on generated pictures with the truth of their seeds, which is what the pictures
 * themselves, and not their labels, leave of (b).
 * Needs the packages of the backbones (test/support/needs.ts).
 *
 *     npm run bench:student -- [pairs=500] [test=200] [backbone=efficientnet-lite0] [size=256] [augment=yes] [folder=DIR, where pairs are kept and found]
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { predict } from '../../src/interpreter/inference/predict.ts';
import {
  addToConfusion,
  type Confusion,
  emptyConfusion,
  intersectionOverUnion,
  meanIntersectionOverUnion,
} from '../../src/interpreter/learning/metrics.ts';
import { trainVersion } from '../../src/interpreter/versions/train-version.ts';
import { decodeIndexPng } from '../../src/masks/png/png.ts';
import { liteBackbone } from '../../src/photos/efficientnet-lite/lite-backbone.ts';
import { photoFile } from '../../src/photos/photo-files.ts';
import { photoView } from '../../src/photos/photo-network.ts';
import { predictPhoto } from '../../src/photos/predict-photo.ts';
import { PUBLISHED_BACKBONES, USUAL_BACKBONE } from '../../src/photos/published-backbones.ts';
import { writeBackbone } from '../../src/photos/write-backbone.ts';
import type { LabelledFile } from '../../src/student/labelled-file.ts';
import { AUGMENTATION, type Augmentation, STUDENT_SETTINGS } from '../../src/student/student-recipe.ts';
import { trainStudent } from '../../src/student/train-student.ts';
import {
  annotated,
  labels,
  openPortraits,
  portrait,
  trainingOptions,
  truthMap,
} from '../integration/interpreter/support/portraits.ts';
import { has, NEEDS, WHEELS, wheelOf } from '../support/needs.ts';
import { benchContext } from './support/bench-context.ts';
import { type BenchPair, renderedPair, synthesizedPair, truePair } from './support/portrait-pairs.ts';
import { machine, report } from './support/report.ts';

const options = new Map(process.argv.slice(2).map((text) => text.split('=') as [string, string]));
const option = (name: string, usual: string) => options.get(name) ?? usual;
const COUNTS = option('pairs', '500').split(',').map(Number);
const TEST = Number(option('test', '200'));
const NAME = option('backbone', USUAL_BACKBONE);
/** The version itself is measured on so many generated pictures. */
const GENERATED_TEST = Math.min(TEST, 100);
const ANNOTATED = 16;
/** The least certain tenth of the candidates is left out, as orders do. */
const KEPT = 0.9;
const FIRST = { annotated: 10_000, synthesized: 20_000, rendered: 40_000, test: 5000 } as const;
/** What the student is to be better by than (a), and its share of (b). */
const GAIN = 0.1;
const SHARE = 0.95;
const UNCHANGED: Augmentation = { zoom: [1, 1], mirror: 0, colour: 0, blur: [0, 0], jpeg: [0, 100], noise: [0, 0] };

if (!has('wheels')) {
  console.log(`This bench needs ${NEEDS.wheels.what}: ${NEEDS.wheels.get}.`);
  process.exit(1);
}

const context = benchContext(2);
const own = mkdtempSync(join(tmpdir(), 'datasetgan-bench-student-'));
process.once('exit', () => rmSync(own, { recursive: true, force: true }));
const kept = option('folder', own);
mkdirSync(kept, { recursive: true });
const published = PUBLISHED_BACKBONES[NAME]!;
const { onnx, description } = liteBackbone(NAME, readFileSync(join(WHEELS, wheelOf(NAME))), published);
const backbone = await writeBackbone(own, onnx, description);
const view = photoView(backbone.card, Number(option('size', '256')));
const augmentation = option('augment', 'yes') === 'yes' ? AUGMENTATION : UNCHANGED;
const generator = await openPortraits();
const versionFile = join(kept, 'version');

const range = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);
const mIoU = (confusion: Confusion) => meanIntersectionOverUnion(intersectionOverUnion(confusion))!;
const tell = (text: string) => process.stderr.write(`\r${text.padEnd(60)}`);

async function madeBy(name: string, seeds: readonly number[], make: (seed: number) => Promise<BenchPair>): Promise<BenchPair[]> {
  const pairs: BenchPair[] = [];
  for (const seed of seeds) {
    pairs.push(await make(seed));
    tell(`${name} ${pairs.length} of ${seeds.length}`);
  }
  return pairs;
}

const rendered = (first: number, count: number) =>
  madeBy('rendering', range(first, count), (seed) => renderedPair(join(kept, 'rendered'), seed));

/** The pairs that an order of `count` would deliver. */
async function synthesized(count: number): Promise<BenchPair[]> {
  const candidates = await madeBy('synthesizing', range(FIRST.synthesized, Math.ceil(count / KEPT)), (seed) =>
    synthesizedPair(join(kept, 'synthesized'), generator, versionFile, seed),
  );
  const certain = new Set(candidates.toSorted((a, b) => a.js - b.js).slice(0, count));
  return candidates.filter((pair) => certain.has(pair));
}

const withTruth = (pairs: readonly BenchPair[]) => Promise.all(pairs.map((pair) => truePair(join(kept, 'truth'), pair)));

let trainings = 0;

interface Measured {
  readonly mIoU: number;
  readonly classes: readonly (number | null)[];
  readonly seconds: number;
}

/** mIoU on the test renders of a student that learnt from these. */
async function studentOf(name: string, pairs: readonly LabelledFile[], test: readonly BenchPair[]): Promise<Measured> {
  const folder = join(own, String(trainings++));
  mkdirSync(folder);
  const files = { cacheFolder: join(folder, 'f'), checkpointFile: join(folder, 'c'), versionFile: join(folder, 'v') };
  const { settings, photographs } = { settings: STUDENT_SETTINGS, photographs: [] };
  tell(`training on ${name}`);
  const input = { labels, keypoints: [], pairs, photographs, source: name, augmentation, settings, seed: 0, trainMemory: 0.75e9 };
  const record = await trainStudent({ ...input, ...files, backbone, view }, context);
  const confusion = emptyConfusion(labels.length);
  for (const [i, { picture, map }] of test.entries()) {
    const photo = await photoFile(picture, picture);
    const { labelMap } = await predictPhoto({ backbone, photo, versionFile: files.versionFile }, context);
    addToConfusion(confusion, (await decodeIndexPng(readFileSync(map))).data, labelMap);
    tell(`testing ${name} on ${i + 1} of ${test.length}`);
  }
  const classes = [...intersectionOverUnion(confusion)];
  console.log(`  the student on ${name}: mIoU ${mIoU(confusion).toFixed(3)}, ${record.seconds.total.toFixed(0)} s`);
  return { mIoU: mIoU(confusion), classes, seconds: record.seconds.total };
}

console.log(`student: ${NAME} at ${view.size} px, labels at ${view.labelSide} px, ${TEST} renders never seen; ${machine()}`);
const seeds = range(FIRST.annotated, ANNOTATED);
if (!existsSync(versionFile)) {
  const files = { cacheFolder: join(own, 'features'), checkpointFile: join(own, 'checkpoint'), versionFile };
  await trainVersion({ ...trainingOptions, ...files, generator, images: annotated(seeds) }, context);
}
const onGenerated = emptyConfusion(labels.length);
for (const seed of range(FIRST.test, GENERATED_TEST)) {
  const { labelMap } = await predict({ generator, image: portrait(seed), versionFile }, context);
  addToConfusion(onGenerated, truthMap(seed).data, labelMap);
  tell(`the version on ${seed - FIRST.test + 1} of ${GENERATED_TEST}`);
}
console.log(`  the version itself on ${GENERATED_TEST} generated pictures: mIoU ${mIoU(onGenerated).toFixed(3)}`);
const test = await rendered(FIRST.test, TEST);
const sixteen = await withTruth(
  await madeBy('synthesizing', seeds, (seed) => synthesizedPair(join(kept, 'synthesized'), generator, versionFile, seed)),
);
const alone = await studentOf(`the ${ANNOTATED} annotated pictures`, sixteen, test);
for (const count of COUNTS) {
  const pairs = await synthesized(count);
  const student = await studentOf(`${count} synthesized pairs`, pairs, test);
  const best = await studentOf(`${count} renders with truth`, await rendered(FIRST.rendered, count), test);
  const exact = await studentOf(`their pictures with the truth of their seeds`, await withTruth(pairs), test);
  report(`${count} pairs: (a) the annotated ones alone + ${GAIN}`, student.mIoU, alone.mIoU + GAIN, 'mIoU', 'more');
  report(`${count} pairs: (b) ${SHARE} of as many renders with truth`, student.mIoU, SHARE * best.mIoU, 'mIoU', 'more');
  report(`${count} pairs: (c) the version on generated pictures`, student.mIoU, mIoU(onGenerated), 'mIoU', 'more');
  console.log('  IoU by label: (a), synthesized pairs, their pictures with truth, renders');
  for (const [c, label] of labels.entries()) {
    const values = [alone, student, exact, best].map(({ classes }) => (classes[c] ?? 0).toFixed(2));
    console.log(`    ${label.padEnd(12)} ${values.join('  ')}`);
  }
}
process.exit(0);
