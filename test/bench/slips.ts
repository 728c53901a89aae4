/**
 * Slips that are found: in one of 16 annotated pictures of portraits-256 two labels are swapped, and in one two keypoints (clicked with 1 px of noise). In how
 * many draws are these the first in the lists of a version's validation? And how long are the lists where no slip was planted? The anchor is the task's: 9 of 10.
 *
 *     npm run bench:slips -- [draws]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../../src/interpreter/learning/random.ts';
import type { KeypointSlip } from '../../src/interpreter/versions/keypoint-slips.ts';
import type { LikelySlip } from '../../src/interpreter/versions/likely-slips.ts';
import type { AnnotatedImage } from '../../src/interpreter/versions/prepare-training.ts';
import { validate } from '../../src/interpreter/versions/validate.ts';
import type { MarkedKeypoints } from '../../src/keypoints/keypoint.ts';
import type { ImageIdentity } from '../../src/stylegan/image-identity.ts';
import { clickedKeypoints, keypointNames } from '../integration/interpreter/support/portrait-keypoints.ts';
import { annotated, labels, openPortraits, trainingOptions } from '../integration/interpreter/support/portraits.ts';
import { swapLabels } from '../support/swap-labels.ts';
import { benchContext } from './support/bench-context.ts';
import { machine, report } from './support/report.ts';

const [DRAWS = 10] = process.argv.slice(2).map(Number);
const PICTURES = 16;
const FIRST_SEED = 10_000;
const SEEDS_A_DRAW = 1000;
const CLICK_NOISE_PIXELS = 1;

const generator = await openPortraits();
const context = benchContext(1);
const folder = mkdtempSync(join(tmpdir(), 'datasetgan-bench-slips-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

interface Slips {
  readonly masks: readonly LikelySlip[];
  readonly points: readonly KeypointSlip[];
}

async function slipsOf(images: readonly AnnotatedImage<ImageIdentity>[]): Promise<Slips> {
  const input = { ...trainingOptions, keypoints: keypointNames, generator, images, cacheFolder: join(folder, 'features') };
  const { slips, keypoints } = (await validate(input, context))!;
  return { masks: slips!, points: keypoints!.slips! };
}

/** Two of the points that the picture has, each where the other was. */
function swapPoints(points: MarkedKeypoints, random: Random) {
  const [a, b] = random.shuffle([...points.keys()].filter((k) => points[k] !== null)) as [number, number];
  return { points: points.with(a, points[b]!).with(b, points[a]!), swapped: [a, b] as const };
}

const describeMask = (slip: LikelySlip | undefined) =>
  slip === undefined
    ? 'none'
    : `seed ${slip.image.seed}: ${labels[slip.label]} seen as ${labels[slip.seen]}, ${(100 * slip.share).toFixed(0)} %, ${slip.deviations.toFixed(1)} deviations`;
const describePoint = (slip: KeypointSlip | undefined) =>
  slip === undefined
    ? 'none'
    : `seed ${slip.image.seed}: ${keypointNames[slip.keypoint]} ${slip.distance.toFixed(0)} px off, ${slip.deviations.toFixed(1)} deviations`;

console.log(
  `slips: two labels and two keypoints swapped, each in 1 of ${PICTURES} pictures of portraits-256, ${DRAWS} draws; ${machine()}`,
);
const found = { masks: 0, points: 0 };
const listed = { masks: 0, points: 0 };
for (let draw = 0; draw < DRAWS; draw++) {
  const images: readonly AnnotatedImage<ImageIdentity>[] = annotated(
    Array.from({ length: PICTURES }, (_, i) => FIRST_SEED + SEEDS_A_DRAW * draw + i),
  ).map((picture) => ({ ...picture, keypoints: clickedKeypoints(picture.image.seed, CLICK_NOISE_PIXELS) }));
  const clean = await slipsOf(images);
  const random = new Random(draw, 'folds', 1);
  const [maskVictim, pointVictim] = [random.below(PICTURES), random.below(PICTURES)];
  const masks = swapLabels(images[maskVictim]!.labelMap, random);
  const points = swapPoints(images[pointVictim]!.keypoints!, random);
  const wrongMask = images.with(maskVictim, { ...images[maskVictim]!, labelMap: masks.map });
  const planted = await slipsOf(wrongMask.with(pointVictim, { ...wrongMask[pointVictim]!, keypoints: points.points }));
  const ofMasks = planted.masks[0]?.image.seed === images[maskVictim]!.image.seed;
  const ofPoints = planted.points[0]?.image.seed === images[pointVictim]!.image.seed;
  found.masks += Number(ofMasks);
  found.points += Number(ofPoints);
  listed.masks += clean.masks.length;
  listed.points += clean.points.length;
  console.log(
    `  draw ${draw + 1}: ${masks.swapped.map((label) => labels[label]).join(' and ')} swapped: ${ofMasks ? '' : 'not '}first`,
  );
  console.log(
    `    first ${describeMask(planted.masks[0])}; without it ${clean.masks.length} listed, first ${describeMask(clean.masks[0])}`,
  );
  console.log(`    ${points.swapped.map((k) => keypointNames[k]).join(' and ')} swapped: ${ofPoints ? '' : 'not '}first`);
  console.log(
    `    first ${describePoint(planted.points[0])}; without it ${clean.points.length} listed, first ${describePoint(clean.points[0])}`,
  );
}
report('draws in which the swapped labels are first', found.masks, 0.9 * DRAWS, 'draws', 'more');
report('draws in which the swapped keypoints are first', found.points, 0.9 * DRAWS, 'draws', 'more');
console.log(
  `  listed where nothing is planted: ${(listed.masks / DRAWS).toFixed(1)} labels and ${(listed.points / DRAWS).toFixed(1)} keypoints a draw`,
);
process.exit(0);
