import type { Kysely } from 'kysely';
import { listPartsOfProject } from '../../../store/dataset-parts.ts';
import type { Database } from '../../../store/schema.ts';
import { type SeedSpan, spanOfPlan } from '../../../synthesis/free-seeds.ts';
import { partOfRow } from './dataset-parts.ts';

/**
 * Seeds that the datasets of a project have tried with that generator, or may still try: another order passes over them. A dataset that was
 * deleted gives its seeds back.
 */
export async function takenSeeds(db: Kysely<Database>, projectKey: string, generator: string): Promise<SeedSpan[]> {
  const parts = (await listPartsOfProject(db, projectKey)).map(partOfRow);
  return parts.flatMap(({ plan, choice }) => {
    if (plan.generator !== generator) return [];
    const span = choice === null ? spanOfPlan(plan) : { first: plan.seedStart, last: choice.lastSeed };
    return span === undefined ? [] : [span];
  });
}
