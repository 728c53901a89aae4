/**
 * Clicks of Label Studio's smart tools: IoU of the answered region with the true part of portraits-256 after 1, 3 and 5 clicks, where the next click is in
 * the middle of the largest error; for every part, without a version and with one of four annotated pictures. Beside it the same method on the picture's
 * colours, and the version's own mask of the part. Then the time of a first and of a second click on a picture, from prompt to region.
 *
 *     npm run bench:clicks -- [held-out pictures]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PictureInView, pictureInView } from '../../src/interpreter/clicks/picture-in-view.ts';
import { regionOfClicks } from '../../src/interpreter/clicks/region-of-clicks.ts';
import { basisOf } from '../../src/interpreter/features/basis-file.ts';
import { generatorNetwork } from '../../src/interpreter/features/generator-network.ts';
import { trainVersion } from '../../src/interpreter/versions/train-version.ts';
import { promptedRegion } from '../../src/jobs/engine-tasks/prompted-region.ts';
import { parseLabelConfig } from '../../src/label-studio/label-config/parse-label-config.ts';
import { PARTS, type Part } from '../../src/stylegan/portraits/parts.ts';
import { synthesizeImage } from '../../src/stylegan/synthesize-image.ts';
import { annotated, openPortraits, portrait, trainingOptions, truthMap } from '../integration/interpreter/support/portraits.ts';
import { brushConfig } from '../support/annotator.ts';
import { nextClick } from '../support/simulated-clicks.ts';
import { benchContext } from './support/bench-context.ts';
import { machine, report } from './support/report.ts';

const [HELD_OUT = 40] = process.argv.slice(2).map(Number);
const CLICKS = 5;
/** Parts of fewer pixels in a picture are left out there: nobody can click into their middle. */
const LEAST_PIXELS = 30;
const SHOWN = [1, 3, 5];

const config = parseLabelConfig(brushConfig());
const generator = await openPortraits();
const context = benchContext(2);
const looked = { network: generatorNetwork(generator), basis: await basisOf(context, generator) };
const folder = mkdtempSync(join(tmpdir(), 'datasetgan-bench-clicks-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const versionFile = join(folder, 'version.safetensors');
const files = { cacheFolder: join(folder, 'features'), checkpointFile: join(folder, 'checkpoint'), versionFile };
const images = annotated([10_000, 10_001, 10_002, 10_003]);
await trainVersion({ ...trainingOptions, ...files, generator, images }, context);

/** The picture's colours in place of its features, in units such that two pixels drawn at random are at a distance of 1. */
async function colours(seed: number): Promise<PictureInView> {
  const { width, height, rgb } = await synthesizeImage({ generator, image: portrait(seed) }, context);
  const means = [0, 1, 2].map((channel) => rgb.reduce((sum, v, i) => (i % 3 === channel ? sum + v : sum), 0) / (width * height));
  const variance = rgb.reduce((sum, v, i) => sum + (v - means[i % 3]!) ** 2, 0) / (width * height);
  const features = Float32Array.from(rgb, (value) => value / Math.sqrt(2 * variance));
  return { width, height, directions: 3, features, opinion: null };
}

function iou(target: Uint8Array, answer: Uint8Array): number {
  let [both, any] = [0, 0];
  for (let pixel = 0; pixel < target.length; pixel++) {
    if ((target[pixel]! & answer[pixel]!) === 1) both++;
    if ((target[pixel]! | answer[pixel]!) === 1) any++;
  }
  return both / any;
}

/** IoU after each click. */
function simulate(view: PictureInView, part: Part, data: Uint8Array): number[] {
  const target = { ...view, data };
  const clicks: { pixel: number; inside: boolean }[] = [];
  const ious: number[] = [];
  let answer: Uint8Array = new Uint8Array(data.length);
  for (let i = 0; i < CLICKS; i++) {
    const click = nextClick(target, answer);
    if (click !== undefined) {
      clicks.push(click);
      answer = regionOfClicks(view, part, { clicks, box: null }).mask;
    }
    ious.push(iou(data, answer));
  }
  return ious;
}

function boxed(view: PictureInView, part: Part, data: Uint8Array): number {
  const { width } = view;
  const pixels = [...data.keys()].filter((pixel) => data[pixel] === 1);
  const xs = pixels.map((pixel) => pixel % width);
  const [left, right] = xs.reduce(([least, most], x) => [Math.min(least!, x), Math.max(most!, x + 1)], [width, 0]);
  const [top, bottom] = [Math.floor(pixels[0]! / width), Math.floor(pixels.at(-1)! / width) + 1];
  return iou(data, regionOfClicks(view, part, { clicks: [], box: { left: left!, top, right: right!, bottom } }).mask);
}

const found = new Map<string, Map<Part, number[][]>>();
const keep = (name: string, part: Part, values: number[]) => {
  const parts = found.get(name) ?? new Map<Part, number[][]>();
  found.set(name, parts.set(part, [...(parts.get(part) ?? []), values]));
};
for (let seed = 5000; seed < 5000 + HELD_OUT; seed++) {
  const views = {
    without: await pictureInView(context, looked, portrait(seed), null),
    with: await pictureInView(context, looked, portrait(seed), versionFile),
    colours: await colours(seed),
  };
  const { probability, labels } = views.with.opinion!;
  const truth = truthMap(seed).data;
  const predicted = truth.map((_, pixel) => {
    const own = probability.subarray(pixel * labels.length, (pixel + 1) * labels.length);
    return own.indexOf(Math.max(...own));
  });
  for (const [label, part] of PARTS.entries()) {
    const target = truth.map((own) => (own === label ? 1 : 0));
    if (label === 0 || target.reduce((sum, set) => sum + set, 0) < LEAST_PIXELS) continue;
    for (const name of ['without', 'with', 'colours'] as const) keep(name, part, simulate(views[name], part, target));
    const own = iou(
      target,
      predicted.map((other) => (other === label ? 1 : 0)),
    );
    keep('mask', part, new Array<number>(CLICKS).fill(own));
    keep('box', part, [boxed(views.without, part, target)]);
  }
  process.stderr.write(`\r${seed - 4999} of ${HELD_OUT} held-out pictures `);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const of = (name: string, part: Part, clicks: number) =>
  mean(
    found
      .get(name)!
      .get(part)!
      .map((ious) => ious[clicks - 1]!),
  );
const overall = (name: string, clicks: number) => mean([...found.get(name)!.keys()].map((part) => of(name, part, clicks)));

/** Seconds from the prompt to the region as JSON: of a picture that is new to us, and of one that is in view. */
async function answerTimes(version: string | null): Promise<{ first: number[]; second: number[] }> {
  const times: { first: number[]; second: number[] } = { first: [], second: [] };
  const ask = async (seed: number, clicks: number) => {
    const result = Array.from({ length: clicks }, (_, i) => ({
      id: `c${i}`,
      type: 'keypointlabels',
      to_name: config.imageName,
      is_positive: i === 0,
      value: { x: 50, y: 50 + 30 * i, width: 1, keypointlabels: ['face'] },
    }));
    const start = performance.now();
    const picture = { generator, image: portrait(seed) };
    await promptedRegion({ picture, versionFile: version, config, context: { result } }, context);
    return (performance.now() - start) / 1000;
  };
  await ask(8999, 1);
  for (let seed = 9000; seed < 9000 + HELD_OUT; seed++) {
    times.first.push(await ask(seed, 1));
    times.second.push(await ask(seed, 2));
  }
  return times;
}
const p95 = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.ceil(0.95 * values.length) - 1]!;
const times = { without: await answerTimes(null), with: await answerTimes(versionFile) };

console.log(`\nclicks: IoU on ${HELD_OUT} held-out pictures of portraits-256, mean of the parts; ${machine()}`);
for (const clicks of SHOWN) {
  report(`${clicks} clicks, no version; on colours`, overall('without', clicks), overall('colours', clicks), 'IoU', 'more');
  report(
    `${clicks} clicks, version of 4 pictures; its own mask`,
    overall('with', clicks),
    overall('mask', clicks),
    'IoU',
    'more',
  );
}
for (const [name, { first, second }] of Object.entries(times)) {
  report(`first click on a picture, ${name} a version, p95`, p95(first), 1, 's');
  report(`second click on a picture, ${name} a version, p95`, p95(second), 0.3, 's');
}
console.log(`  one box, no version: ${overall('box', 1).toFixed(3)}`);
console.log('  by part: IoU after 1, 3, 5 clicks without a version; with one; its own mask; one box without a version');
for (const part of found.get('without')!.keys()) {
  const [without, withVersion] = (['without', 'with'] as const).map((name) =>
    SHOWN.map((clicks) => of(name, part, clicks).toFixed(2)).join(' '),
  );
  const [mask, box] = [of('mask', part, 1), of('box', part, 1)].map((value) => value.toFixed(2));
  console.log(`    ${part.padEnd(10)} ${without}   ${withVersion}   ${mask}   ${box}`);
}
process.exit(0);
