/**
 * Boxes as weak masks: mIoU against the exact parts of portraits-256 on held-out pictures. A simulated hand draws one box around each piece of each of the
 * eleven parts, up to 2 px loose. The anchor is what full masks of the same pictures teach; beside it what is left of it without the boxes:
 *
 *     masks alone      only the pictures with full masks, where there are some
 *     boxes as masks   every pixel of a box has the label of the smallest one around it
 *
 *     npm run bench:boxes -- [annotated pictures] [of these with full masks, e.g. 0,1,2] [held-out pictures] [members] [draws]
 */
import { guessInBoxes } from '../../src/interpreter/boxes/label-box.ts';
import { meanIntersectionOverUnion } from '../../src/interpreter/learning/metrics.ts';
import { Random } from '../../src/interpreter/learning/random.ts';
import type { AnnotatedImage } from '../../src/interpreter/versions/prepare-training.ts';
import { annotated, labels, openPortraits, portrait, truthMap } from '../integration/interpreter/support/portraits.ts';
import { drawBoxes, outsideBoxes } from '../support/simulated-boxes.ts';
import { benchContext } from './support/bench-context.ts';
import { heldOutParts } from './support/held-out-parts.ts';
import { machine, report } from './support/report.ts';

const [count = '8', masked = '0,1,2', heldOut = '24', members = '3', draws = '1'] = process.argv.slice(2);
const COUNT = Number(count);
const MASKED = masked.split(',').map(Number);

const generator = await openPortraits();
const parts = await heldOutParts(benchContext(1), generator, Number(heldOut), Number(members));

function boxed(seed: number): Required<AnnotatedImage> {
  const truth = truthMap(seed);
  const boxes = drawBoxes(truth, new Random(1, 'pixels', seed));
  return { image: portrait(seed), labelMap: outsideBoxes(truth, boxes), boxes, keypoints: null };
}

async function mIoUOf(images: readonly AnnotatedImage[]): Promise<{ mIoU: number; notes: readonly string[] }> {
  const { iou, record } = await parts.teach(images, labels, (seed) => truthMap(seed).data);
  return { mIoU: meanIntersectionOverUnion(iou)!, notes: record.notes };
}

console.log(`boxes: mIoU on ${heldOut} held-out pictures of portraits-256, ${COUNT} annotated, ${members} members; ${machine()}`);
const found = new Map<string, number>();
const measure = async (name: string, images: readonly AnnotatedImage[]) => {
  const { mIoU, notes } = await mIoUOf(images);
  process.stderr.write(`${name}: ${mIoU.toFixed(3)} ${notes.filter((note) => note.includes('boxes')).join(' ')}\n`);
  found.set(name, (found.get(name) ?? 0) + mIoU / Number(draws));
};
for (let draw = 0; draw < Number(draws); draw++) {
  const seeds = Array.from({ length: COUNT }, (_, i) => 10_000 + 1000 * draw + i);
  const fully = annotated(seeds);
  const boxes = seeds.map(boxed);
  const asMasks = boxes.map(({ boxes: own, ...rest }) => ({ ...rest, labelMap: guessInBoxes(rest.labelMap, own) }));
  await measure('full masks', fully);
  for (const masks of MASKED) {
    const name = `${masks} with masks, ${COUNT - masks} with boxes`;
    const own = fully.slice(0, masks);
    await measure(name, [...own, ...boxes.slice(masks)]);
    await measure(`${name}: boxes as masks`, [...own, ...asMasks.slice(masks)]);
    if (masks > 0) await measure(`${masks} with masks alone`, own);
  }
}
for (const [name, mIoU] of found) report(name, mIoU, found.get('full masks')!, 'mIoU', 'more');
process.exit(0);
