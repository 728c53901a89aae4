/**
 * Photographs that other people labelled: mIoU of 18 car parts and the background on 40 held-out photographs, with 1, 4, 16 and 64 annotated of 80 (the first
 * ones, then two draws), and the error of four keypoints of a mouse in 25 held-out frames with 4, 16 and 45 annotated. Beside it two controls: the same
 * classifier on colour, x and y alone, and on the same backbone with random weights. Then the time of a photograph, its features alone and with its mask.
 * Needs the packages of the backbones and the photographs (test/support/needs.ts).
 *
 *     npm run bench:photos -- [backbone=efficientnet-lite0] [size=512] [draws=3] [cars=1,4,16,64] [mouse=4,16,45] [controls=yes]
 *         [colour=no] (yes: colour, x and y as features, too) [stride=32] (16 or 8: dilation instead of the last strides)
 *         [mirrored=yes] (no: without mirror images)
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeatureBasis } from '../../src/interpreter/features/feature-basis.ts';
import type { FeatureNetwork } from '../../src/interpreter/features/feature-network.ts';
import { learnBasis } from '../../src/interpreter/features/learn-basis.ts';
import { labelPicture } from '../../src/interpreter/inference/label-picture.ts';
import {
  addToConfusion,
  emptyConfusion,
  intersectionOverUnion,
  meanIntersectionOverUnion,
} from '../../src/interpreter/learning/metrics.ts';
import { Random } from '../../src/interpreter/learning/random.ts';
import { DEFAULT_SETTINGS } from '../../src/interpreter/recipe.ts';
import { UNLABELLED } from '../../src/interpreter/sampling/annotation.ts';
import type { AnnotatedImage } from '../../src/interpreter/versions/prepare-training.ts';
import { trainHeads } from '../../src/interpreter/versions/train-heads.ts';
import { readVersion, type TrainingRecord, type Version } from '../../src/interpreter/versions/version.ts';
import { encodeModel } from '../../src/onnx/encode.ts';
import { liteBackbone, liteTensors } from '../../src/photos/efficientnet-lite/lite-backbone.ts';
import { liteGraph } from '../../src/photos/efficientnet-lite/lite-graph.ts';
import { withMirrored } from '../../src/photos/mirrored.ts';
import { labelsInFrame, labelsOfPhoto, pointOfPhoto } from '../../src/photos/photo-frame.ts';
import { photoView } from '../../src/photos/photo-network.ts';
import { PUBLISHED_BACKBONES, USUAL_BACKBONE } from '../../src/photos/published-backbones.ts';
import { writeBackbone } from '../../src/photos/write-backbone.ts';
import { has, NEEDS, WHEELS, wheelOf } from '../support/needs.ts';
import { pointInFrame } from '../support/point-in-frame.ts';
import { benchContext } from './support/bench-context.ts';
import { carParts, openfield } from './support/labelled-photos.ts';
import {
  type BenchPhoto,
  backboneNetwork,
  benchPhoto,
  colourNetwork,
  randomTensors,
  together,
} from './support/photo-networks.ts';
import { machine, median, report, timeRuns } from './support/report.ts';

const options = new Map(process.argv.slice(2).map((text) => text.split('=') as [string, string]));
const option = (name: string, usual: string) => options.get(name) ?? usual;
const numbers = (name: string, usual: string) => option(name, usual).split(',').filter(Boolean).map(Number);
const NAME = option('backbone', USUAL_BACKBONE);
const MIRRORED = option('mirrored', 'yes') === 'yes';
const DRAWS = Number(option('draws', '3'));
const ANCHORS: Readonly<Record<number, number>> = { 16: 0.35, 64: 0.5 };
/** Photographs that are annotated, or that the basis is learnt from. */
const CARS = 80;
const FRAMES = 45;
const BASIS_PICTURES = 64;

for (const need of ['wheels', 'photos'] as const)
  if (!has(need)) {
    console.log(`This bench needs ${NEEDS[need].what}: ${NEEDS[need].get}.`);
    process.exit(1);
  }

const context = benchContext(2);
const folder = mkdtempSync(join(tmpdir(), 'datasetgan-bench-photos-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const published = PUBLISHED_BACKBONES[NAME]!;
const wheel = readFileSync(join(WHEELS, wheelOf(NAME)));
const { onnx, description } = liteBackbone(NAME, wheel, published, Number(option('stride', '32')));
const backbone = await writeBackbone(folder, onnx, description);
const untrained = encodeModel(liteGraph(randomTensors(liteTensors(wheel)), published.repeats).model);
const view = photoView(backbone.card, Number(option('size', String(backbone.card.input.size))));
const looked = backboneNetwork(backbone, view);
const network = option('colour', 'no') === 'yes' ? together([looked, colourNetwork(view)]) : looked;

type Photos = FeatureNetwork<BenchPhoto>;
const cars = carParts();
const mouse = openfield();
const drawn = (draw: number, of: number, count: number): number[] => {
  const all = Array.from({ length: of }, (_, i) => i);
  return (draw === 0 ? all : new Random(draw, 'folds').shuffle(all)).slice(0, count);
};

async function basisOf(photos: Photos, files: readonly { readonly file: string }[]): Promise<FeatureBasis> {
  return (await learnBasis(
    context,
    photos,
    files.slice(0, BASIS_PICTURES).map(({ file }) => ({ file })),
  ))!;
}

let trainings = 0;

async function train(
  photos: Photos,
  basis: FeatureBasis,
  annotated: readonly AnnotatedImage<BenchPhoto>[],
  names: { readonly labels: readonly string[]; readonly keypoints: readonly string[] },
): Promise<Version<TrainingRecord<BenchPhoto>>> {
  const own = join(folder, String(trainings++));
  const files = { cacheFolder: `${own}.features`, checkpointFile: `${own}.checkpoint`, versionFile: own };
  // The photographs of both benches are as wide as their square.
  const shown = annotated.map((own) => ({ ...own, shownWidth: view.labelSide }));
  const images = MIRRORED ? withMirrored(shown, names) : annotated;
  const input = { ...names, ...files, images, settings: DEFAULT_SETTINGS, seed: 0, trainMemory: 1.5e9 };
  await trainHeads(context, input, { network: photos, basis, names: { bench: NAME } }, (record) => record);
  return readVersion<TrainingRecord<BenchPhoto>>(own);
}

/** Mean over the draws of mIoU on the last photographs, at their own size. */
async function carsWith(photos: Photos, basis: FeatureBasis, count: number): Promise<number[]> {
  const results: number[] = [];
  for (let draw = 0; draw < DRAWS; draw++) {
    process.stderr.write(`${photos.id.slice(0, 12)}: ${count} cars annotated, draw ${draw + 1}\n`);
    const images = drawn(draw, CARS, count).map((i) => {
      const { file, map } = cars.photos[i]!;
      return { image: benchPhoto(file), labelMap: labelsInFrame(map, { ...map, side: view.labelSide }), keypoints: null };
    });
    const version = await train(photos, basis, images, { labels: cars.names, keypoints: [] });
    const confusion = emptyConfusion(cars.names.length);
    for (const { file, map } of cars.photos.slice(CARS)) {
      const { labelMap } = await labelPicture(context, photos, benchPhoto(file), version);
      addToConfusion(confusion, map.data, labelsOfPhoto(labelMap, { ...map, side: view.labelSide }).data);
    }
    results.push(meanIntersectionOverUnion(intersectionOverUnion(confusion))!);
  }
  return results;
}

interface PointErrors {
  /** Pixels of the frame, ascending. */
  readonly found: readonly number[];
  readonly missed: number;
}

async function mouseWith(basis: FeatureBasis, count: number): Promise<PointErrors> {
  const { labelSide: side } = view;
  const blank = { width: side, height: side, data: new Uint8Array(side * side).fill(UNLABELLED) };
  const frame = { width: 640, height: 480, side };
  const images = drawn(0, FRAMES, count).map((i) => {
    const { file, points } = mouse.photos[i]!;
    return { image: benchPhoto(file), labelMap: blank, keypoints: points.map((point) => point && pointInFrame(point, frame)) };
  });
  const version = await train(network, basis, images, { labels: ['background'], keypoints: mouse.names });
  const found: number[] = [];
  let missed = 0;
  for (const { file, points } of mouse.photos.slice(FRAMES)) {
    const { keypoints } = await labelPicture(context, network, benchPhoto(file), version);
    for (const [k, truth] of points.entries()) {
      const seen = keypoints.find(({ keypoint }) => keypoint === k);
      if (truth === null) continue;
      if (seen === undefined) missed++;
      else {
        const { x, y } = pointOfPhoto(seen, frame);
        found.push(Math.hypot(x - truth.x, y - truth.y));
      }
    }
  }
  return { found: found.toSorted((a, b) => a - b), missed };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

console.log(`photographs: ${NAME} at ${view.size} px, labels at ${view.labelSide} px; ${machine()}`);
const carBasis = await basisOf(network, cars.photos.slice(0, CARS));
for (const count of numbers('cars', '1,4,16,64')) {
  const values = await carsWith(network, carBasis, count);
  const spread = values.map((value) => value.toFixed(3)).join(', ');
  const anchor = ANCHORS[count];
  if (anchor === undefined) console.log(`  car parts, ${count} annotated: mIoU ${mean(values).toFixed(3)} (${spread})`);
  else report(`car parts, ${count} annotated (${spread})`, mean(values), anchor, 'mIoU', 'more');
}
if (option('controls', 'yes') === 'yes') {
  const random = await writeBackbone(folder, untrained, { ...description, name: 'random' });
  const controls = {
    'colour, x and y alone': colourNetwork(view),
    'the backbone with random weights': backboneNetwork(random, view),
  };
  for (const [name, control] of Object.entries(controls)) {
    const basis = await basisOf(control, cars.photos.slice(0, CARS));
    for (const count of numbers('cars', '1,4,16,64').filter((own) => own >= 16))
      console.log(`  ${name}, ${count} annotated: mIoU ${mean(await carsWith(control, basis, count)).toFixed(3)}`);
  }
}
const mouseBasis = await basisOf(network, mouse.photos.slice(0, FRAMES));
for (const count of numbers('mouse', '4,16,45')) {
  const { found, missed } = await mouseWith(mouseBasis, count);
  const worst = found[Math.floor(0.95 * found.length)]!;
  const share = (found.length / (found.length + missed)).toFixed(2);
  console.log(
    `  mouse, ${count} annotated: median ${median(found).toFixed(1)} px, 95 % within ${worst.toFixed(1)} px, ${share} found`,
  );
}
const [first] = cars.photos;
const basis = carBasis;
const image = {
  image: benchPhoto(first!.file),
  labelMap: labelsInFrame(first!.map, { ...first!.map, side: view.labelSide }),
  keypoints: null,
};
const version = await train(network, basis, [image], { labels: cars.names, keypoints: [] });
const seconds = async (call: () => Promise<unknown>) => median(await timeRuns(7, call));
// Each time another photograph, so that reading it counts.
let turn = 0;
const another = () => benchPhoto(cars.photos[turn++ % cars.photos.length]!.file);
report('features of a photograph', await seconds(() => network.feeds(context, another())), 0.25, 's');
report('a photograph with its mask', await seconds(() => labelPicture(context, network, another(), version)), 0.5, 's');
process.exit(0);
