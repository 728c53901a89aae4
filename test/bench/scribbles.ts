/**
 * What strokes, unfinished parts and full masks teach: mIoU against the exact parts of portraits-256 on held-out pictures, each annotated by a
 * simulated hand, with the rules for unpainted pixels side by side:
 *
 *     background   whatever is unpainted is background
 *     auto         the rule of src/label-studio/annotations/read-unpainted.ts
 *     painted      the annotator paints some background, too (a label named Background); the anchor for strokes
 *
 *     npm run bench:scribbles -- [annotated pictures, e.g. 1,4] [held-out pictures] [pattern of cases' names] [rules]
 *
 * What strokes reach of full masks, where the background is painted, too: npm run bench:scribbles -- 8 24 '^full masks, 11|along' painted
 */
import { isError } from '../../src/errors.ts';
import { meanIntersectionOverUnion } from '../../src/interpreter/learning/metrics.ts';
import { Random } from '../../src/interpreter/learning/random.ts';
import type { TrainVersionInput } from '../../src/interpreter/versions/train-version.ts';
import { readUnpainted, unpaintedIsBackground } from '../../src/label-studio/annotations/read-unpainted.ts';
import { type LabelMap, UNKNOWN } from '../../src/masks/label-map.ts';
import { PARTS, type Part } from '../../src/stylegan/portraits/parts.ts';
import { synthesizeImage } from '../../src/stylegan/synthesize-image.ts';
import { openPortraits, portrait, truthMap } from '../integration/interpreter/support/portraits.ts';
import { type Annotator, paintByHand, paintFully, paintHalf, scribble, stroke } from '../support/simulated-annotators.ts';
import { benchContext } from './support/bench-context.ts';
import { HELD_OUT_PIXELS, heldOutParts } from './support/held-out-parts.ts';
import { machine, report } from './support/report.ts';

const [counts = '1,4', heldOut = '24', wanted = '', rules = 'background,auto,painted'] = process.argv.slice(2);
const COUNTS = counts.split(',').map(Number);
const HELD_OUT = Number(heldOut);
/** Of ten: rules are compared here, and this is three times as fast. */
const MEMBERS = 3;

const ALL = PARTS.slice(1);
const WHOLE_FACE: readonly Part[] = ['face', 'eye', 'iris', 'brow', 'nose', 'mouth', 'glasses'];
/** Labels of a project, by the parts that each of them covers. */
type Labels = readonly (readonly Part[])[];
const HAIR_FACE: Labels = [['hair'], WHOLE_FACE];
const EVERY_PART: Labels = ALL.map((part) => [part]);
const EYES: Labels = [['eye', 'iris']];
const FULL = 'full masks, 11 parts';
const CASES: readonly (readonly [name: string, Annotator, Labels])[] = [
  [FULL, paintFully, EVERY_PART],
  ['careless masks, 11 parts', paintByHand, EVERY_PART],
  ['full masks, hair and face', paintFully, HAIR_FACE],
  ['careless masks, hair and face', paintByHand, HAIR_FACE],
  ['careless masks, eyes only', paintByHand, EYES],
  ['careless masks, hair only', paintByHand, [['hair']]],
  ['careless masks, nose and mouth', paintByHand, [['nose'], ['mouth']]],
  ['1 stroke, hair and face', stroke(1), HAIR_FACE],
  ['3 strokes, hair and face', stroke(3), HAIR_FACE],
  ['3 thick strokes, hair and face', stroke(3, 28), HAIR_FACE],
  ['1 stroke, 11 parts', stroke(1), EVERY_PART],
  ['3 strokes, 11 parts', stroke(3), EVERY_PART],
  ['half of each, hair and face', paintHalf, HAIR_FACE],
  ['1 stroke along each of 11 parts', scribble(1), EVERY_PART],
  ['2 strokes along each of 11 parts', scribble(2), EVERY_PART],
  ['3 strokes along each of 11 parts', scribble(3), EVERY_PART],
];
const RULES = (['background', 'auto', 'painted'] as const).filter((rule) => rules.split(',').includes(rule));

const generator = await openPortraits();
const context = benchContext(1);
const parts = await heldOutParts(context, generator, HELD_OUT, MEMBERS);

/** Truth in the indices of a project's labels; 0 is everything else. */
function truthIn(seed: number, labels: Labels): LabelMap {
  const index = PARTS.map((part) => labels.findIndex((parts) => parts.includes(part)) + 1);
  const truth = truthMap(seed);
  return { ...truth, data: truth.data.map((part) => index[part]!) };
}

async function annotate(seed: number, annotator: Annotator, labels: Labels, rule: (typeof RULES)[number]) {
  const truth = truthIn(seed, labels);
  const foreground = labels.map((_, i) => i + 1);
  const random = new Random(1, 'pixels', seed);
  const map = annotator(truth, rule === 'painted' ? [0, ...foreground] : foreground, random);
  const painted = { map, unpainted: map.data.map((label) => (label === UNKNOWN ? 1 : 0)) };
  if (rule === 'painted') return { map, note: null };
  if (rule === 'background') return { map: unpaintedIsBackground(painted), note: null };
  return readUnpainted(painted, await synthesizeImage({ generator, image: portrait(seed) }, context), 'auto');
}

async function measure(annotator: Annotator, labels: Labels, rule: (typeof RULES)[number], count: number) {
  const read = [];
  for (let i = 0; i < count; i++)
    read.push({ image: portrait(10_000 + i), ...(await annotate(10_000 + i, annotator, labels, rule)) });
  const strokes = read.filter(({ note }) => note !== null).length;
  const images = read.map(({ image, map }) => ({ image, labelMap: map, keypoints: null }));
  const pixels = read.flatMap(({ map }) => [...map.data]);
  const painted = pixels.filter((label) => label !== UNKNOWN).length / pixels.length;
  return { mIoU: await mIoUOf(images, labels), strokes, painted };
}

/** NaN where the training refuses. */
async function mIoUOf(images: TrainVersionInput['images'], labels: Labels): Promise<number> {
  const names = ['Background', ...labels.map((own) => own[0]!)];
  try {
    const { iou } = await parts.teach(images, names, (seed) => truthIn(seed, labels).data);
    return meanIntersectionOverUnion(iou) ?? Number.NaN;
  } catch (error) {
    if (!isError(error, 'training-refused')) throw error;
    return Number.NaN;
  }
}

/** By case, where the background is painted, too. */
const reached = new Map<string, { readonly mIoU: number; readonly painted: number; readonly count: number }>();

console.log(`scribbles: mIoU on ${HELD_OUT} held-out pictures of portraits-256 (${HELD_OUT_PIXELS} pixels each); ${machine()}`);
console.log(`  ${'annotated'.padEnd(34)} ${RULES.map((rule) => rule.padStart(12)).join('')}   read as strokes`);
for (const [name, annotator, labels] of CASES) {
  if (!new RegExp(wanted).test(name)) continue;
  for (const count of COUNTS) {
    const figures: string[] = [];
    let strokes = 0;
    for (const rule of RULES) {
      const measured = await measure(annotator, labels, rule, count);
      if (rule === 'auto') ({ strokes } = measured);
      if (rule === 'painted') reached.set(name, { ...measured, count });
      process.stderr.write(`${name}, ${count}, ${rule}\n`);
      figures.push((Number.isNaN(measured.mIoU) ? 'refused' : measured.mIoU.toFixed(3)).padStart(12));
    }
    console.log(`  ${`${count}: ${name}`.padEnd(34)} ${figures.join('')}   ${strokes} of ${count}`);
  }
}
const anchor = reached.get(FULL)?.mIoU;
for (const [name, { mIoU, painted, count }] of reached)
  if (anchor !== undefined && name.includes('along'))
    report(`${count}: ${name} (${(100 * painted).toFixed(0)} % of the pixels)`, mIoU, anchor, 'mIoU', 'more');
process.exit(0);
