import { candidateLimit, type DatasetPlan, seedOfCandidate } from './dataset-plan.ts';

/** A run of seeds, both ends in it. */
export interface SeedSpan {
  readonly first: number;
  readonly last: number;
}

/** Seeds that a plan's candidates are in, however many of them are tried; undefined where there are none. */
export function spanOfPlan(plan: DatasetPlan): SeedSpan | undefined {
  const candidates = candidateLimit(plan);
  if (candidates <= 0) return undefined;
  return { first: plan.seedStart, last: seedOfCandidate(plan, candidates - 1) };
}

/**
 * The plan from the first seed on at which none of its candidates is in a taken run: the smallest such seedStart that is not smaller than its
 * own. Where only the end of the seeds is left, too few may remain (checkSeeds).
 * @param taken in any order; they may overlap
 */
export function inFreeSeeds(plan: DatasetPlan, taken: readonly SeedSpan[]): DatasetPlan {
  let free = plan;
  for (const { first, last } of [...taken].sort((a, b) => a.first - b.first)) {
    if (last < free.seedStart) continue;
    const span = spanOfPlan(free);
    if (span === undefined || span.last < first) break;
    free = startingAt(plan, last + 1);
  }
  return free;
}

function startingAt(plan: DatasetPlan, seedStart: number): DatasetPlan {
  return { ...plan, seedStart, skippedSeeds: plan.skippedSeeds.filter((seed) => seed >= seedStart) };
}
