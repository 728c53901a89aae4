import { createHash } from 'node:crypto';
import { DatasetGanError } from '../errors.ts';
import { canonicalJson } from '../interpreter/canonical-json.ts';
import type { ClassRule } from '../stylegan/class-rule.ts';
import type { Rules } from './rules.ts';

/** Everything that decides which pairs a dataset holds, and nothing else: title, formats and destination are not part of it. */
export interface DatasetPlan {
  /** Generator id. */
  readonly generator: string;
  /** Version id. */
  readonly version: string;
  readonly psi: number;
  readonly cutoff: number | null;
  /** Left out for a generator without classes. */
  readonly classes?: ClassRule;
  readonly seedStart: number;
  /** Pairs asked for. */
  readonly count: number;
  /** Share of the candidates that is dropped as most uncertain, 0 … 0.5. */
  readonly filter: number;
  /** What a pair must be like to be delivered; left out: nothing. */
  readonly rules?: Rules;
  /** Pixels whose JS divergence (nats) is greater are 255 in the mask, "ignore"; left out: none. */
  readonly ignoreAbove?: number;
  /** Seeds a shard, fixed when the plan is made. */
  readonly shardSize: number;
  /**
   * Seeds at or after seedStart that are a task of some labelling project of this generator, ascending. What earlier datasets tried is not among
   * them: seedStart is chosen so that no candidate is there (free-seeds.ts).
   */
  readonly skippedSeeds: readonly number[];
}

/** Labelling counts up from 0; datasets start here, so that the two meet only where someone asks for it. */
export const DATASET_SEED_START = 1_000_000;
export const LARGEST_SEED = 2 ** 32 - 1;
export const DEFAULT_FILTER = 0.1;

const SHARD_SECONDS = 60;
const LARGEST_SHARD = 500;
/** Times M. */
const MOST_TRIED = 5;

/** The plan's name: the first 16 hex digits of sha256 over its canonical JSON. */
export function planId(plan: DatasetPlan): string {
  return createHash('sha256').update(canonicalJson(plan)).digest('hex').slice(0, 16);
}

/** M = ceil(count / (1 − filter)): candidates to synthesize, so that `count` are left when the filter has dropped its share. */
export function candidateCount(count: number, filter: number): number {
  // 1 − filter is rounded: without the margin 9 / (1 − 0.1) could count as a little more than 10.
  return Math.ceil(count / (1 - filter) - 1e-9);
}

/** Seeds a shard of about a minute's work, 1 … 500, given the measured seconds of one pair. */
export function shardSize(secondsPerPair: number): number {
  return Math.min(LARGEST_SHARD, Math.max(1, Math.round(SHARD_SECONDS / secondsPerPair)));
}

/** Candidates that are tried at most: M where every pair passes, 5·M where rules refuse some; fewer where the seeds end. */
export function candidateLimit(plan: DatasetPlan): number {
  const wanted = candidateCount(plan.count, plan.filter);
  const left = LARGEST_SEED + 1 - plan.seedStart - plan.skippedSeeds.length;
  return Math.min(plan.rules === undefined ? wanted : MOST_TRIED * wanted, left);
}

/**
 * Checks that there are enough seeds.
 * @throws DatasetGanError `bad-request` when M candidates pass the largest seed, 2^32 − 1
 */
export function checkSeeds(plan: DatasetPlan): void {
  if (candidateLimit(plan) >= candidateCount(plan.count, plan.filter)) return;
  throw new DatasetGanError('bad-request', `Fewer than ${plan.count} seeds are left from seed ${plan.seedStart} to 2^32 - 1.`, {
    fix: 'Order fewer pairs, or use a smaller seedStart.',
  });
}

/** Shards that hold the plan's first `candidates` candidates, or all that may be tried. */
export function shardsFor(plan: DatasetPlan, candidates: number): number {
  return Math.ceil(Math.min(candidates, candidateLimit(plan)) / plan.shardSize);
}

/** Seeds of the plan's shard, ascending: candidates index · shardSize and the following ones. */
export function shardSeeds(plan: DatasetPlan, index: number): number[] {
  const first = index * plan.shardSize;
  return candidateSeeds(plan, first, Math.min(first + plan.shardSize, candidateLimit(plan)));
}

/** First and last seed of the plan's shard. */
export function shardSpan(plan: DatasetPlan, index: number): { readonly first: number; readonly last: number } {
  const first = index * plan.shardSize;
  const last = Math.min(first + plan.shardSize, candidateLimit(plan)) - 1;
  return { first: seedOfCandidate(plan, first), last: seedOfCandidate(plan, last) };
}

/** Seeds of the candidates from … to − 1: they count up from seedStart, skipped seeds left out. */
export function candidateSeeds(plan: DatasetPlan, from: number, to: number): number[] {
  let skipped = 0;
  const seeds: number[] = [];
  for (let candidate = from; candidate < to; candidate++) {
    skipped = skippedBefore(plan, candidate, skipped);
    seeds.push(plan.seedStart + candidate + skipped);
  }
  return seeds;
}

/** Seed of one candidate, counted from 0. */
export function seedOfCandidate(plan: DatasetPlan, candidate: number): number {
  return plan.seedStart + candidate + skippedBefore(plan, candidate, 0);
}

/** Skipped seeds before a candidate, of which at least so many are known. */
function skippedBefore({ seedStart, skippedSeeds }: DatasetPlan, candidate: number, known: number): number {
  let skipped = known;
  while (skipped < skippedSeeds.length && skippedSeeds[skipped]! <= seedStart + candidate + skipped) skipped++;
  return skipped;
}
