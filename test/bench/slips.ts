/**
 * Slips that are found: in one of 16 annotated pictures of portraits-256 two labels are swapped. In how many draws is that picture the first in the list of a
 * version's validation? And how long is the list where no slip was planted? The first number is that of the task: 9 of 10.
 *
 *     npm run bench:slips -- [draws]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../../src/interpreter/learning/random.ts';
import type { LikelySlip } from '../../src/interpreter/versions/likely-slips.ts';
import type { AnnotatedImage } from '../../src/interpreter/versions/prepare-training.ts';
import { validate } from '../../src/interpreter/versions/validate.ts';
import { annotated, labels, openPortraits, trainingOptions } from '../integration/interpreter/support/portraits.ts';
import { swapLabels } from '../support/swap-labels.ts';
import { benchContext } from './support/bench-context.ts';
import { machine, report } from './support/report.ts';

const [DRAWS = 10] = process.argv.slice(2).map(Number);
const PICTURES = 16;
const FIRST_SEED = 10_000;
const SEEDS_A_DRAW = 1000;

const generator = await openPortraits();
const context = benchContext(1);
const folder = mkdtempSync(join(tmpdir(), 'datasetgan-bench-slips-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

async function slipsOf(images: readonly AnnotatedImage[]): Promise<readonly LikelySlip[]> {
  const input = { ...trainingOptions, generator, images, cacheFolder: join(folder, 'features') };
  return (await validate(input, context))!.slips!;
}

const describe = ({ image, label, seen, share, deviations }: LikelySlip) =>
  `seed ${image.seed}: ${labels[label]} seen as ${labels[seen]}, ${(100 * share).toFixed(0)} %, ${deviations.toFixed(1)} deviations`;

console.log(`slips: two labels swapped in 1 of ${PICTURES} pictures of portraits-256, ${DRAWS} draws; ${machine()}`);
let found = 0;
let listed = 0;
for (let draw = 0; draw < DRAWS; draw++) {
  const images: readonly AnnotatedImage[] = annotated(
    Array.from({ length: PICTURES }, (_, i) => FIRST_SEED + SEEDS_A_DRAW * draw + i),
  );
  const clean = await slipsOf(images);
  const random = new Random(draw, 'folds', 1);
  const victim = random.below(PICTURES);
  const { map, swapped } = swapLabels(images[victim]!.labelMap, random);
  const planted = await slipsOf(images.with(victim, { ...images[victim]!, labelMap: map }));
  const first = planted[0]?.image.seed === images[victim]!.image.seed;
  if (first) found++;
  listed += clean.length;
  console.log(
    `  draw ${draw + 1}: ${swapped.map((label) => labels[label]).join(' and ')} swapped: ${first ? 'first' : 'not first'}`,
  );
  console.log(`    ${planted[0] === undefined ? 'nothing listed' : describe(planted[0])}`);
  console.log(`    without it: ${clean.length} listed${clean[0] === undefined ? '' : `, first ${describe(clean[0])}`}`);
}
report(`draws in which the planted slip is first`, found, 0.9 * DRAWS, 'draws', 'more');
console.log(`  listed where nothing is planted: ${(listed / DRAWS).toFixed(1)} a draw`);
process.exit(0);
