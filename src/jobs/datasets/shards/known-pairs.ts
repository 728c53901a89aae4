import type { Kysely } from 'kysely';
import { canonicalJson } from '../../../interpreter/canonical-json.ts';
import { earlierDatasets } from '../../../store/datasets.ts';
import type { Database, Dataset } from '../../../store/schema.ts';
import type { DatasetPlan } from '../../../synthesis/dataset-plan.ts';
import type { SeedSpan } from '../../../synthesis/free-seeds.ts';
import { SeedSet } from '../../../synthesis/seed-set.ts';
import { type ChosenPart, chosenParts, isChosen, partsOf } from '../record/dataset-parts.ts';
import { readPartRecords } from './read-pairs.ts';

/**
 * How many pictures of a dataset were delivered by earlier datasets of its project, too: the same seed of the same generator, with the same psi,
 * cutoff and class rule. None, unless a first seed was asked for.
 * @throws DatasetGanError `wrong-state` before all its pairs are made
 */
export async function countKnownPairs(db: Kysely<Database>, dataset: Dataset): Promise<number> {
  const own = await chosenParts(db, dataset.id);
  const look = lookOf(own[0]!.plan);
  const span = {
    first: Math.min(...own.map(({ plan }) => plan.seedStart)),
    last: Math.max(...own.map((part) => spanOf(part).last)),
  };
  const earlier: ChosenPart[] = [];
  for (const { id } of await earlierDatasets(db, dataset))
    for (const part of (await partsOf(db, id)).filter(isChosen))
      if (lookOf(part.plan) === look && meet(spanOf(part), span)) earlier.push(part);
  if (earlier.length === 0) return 0;

  const pictures = new SeedSet(span);
  for await (const { seed } of readPartRecords(db, dataset.id, own)) pictures.add(seed);
  let known = 0;
  for await (const { seed } of readPartRecords(db, dataset.id, earlier)) if (pictures.take(seed)) known++;
  return known;
}

/** What decides the picture of a seed. */
const lookOf = ({ generator, psi, cutoff, classes }: DatasetPlan) =>
  canonicalJson({ generator, psi, cutoff, classes: classes ?? null });

const spanOf = ({ plan, choice }: ChosenPart): SeedSpan => ({ first: plan.seedStart, last: choice.lastSeed });

const meet = (a: SeedSpan, b: SeedSpan) => a.first <= b.last && b.first <= a.last;
