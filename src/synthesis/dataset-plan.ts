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
  /** Seeds at or after seedStart that are a task of some labelling project of this generator, ascending. */
  readonly skippedSeeds: readonly number[];
}

export interface Shard {
  readonly index: number;
  readonly seeds: readonly number[];
}

/** Labelling counts up from 0; datasets start here, so that the two meet only where someone asks for it. */
export const DATASET_SEED_START = 1_000_000;
export const LARGEST_SEED = 2 ** 32 - 1;
export const DEFAULT_FILTER = 0.1;

const SHARD_SECONDS = 60;
const LARGEST_SHARD = 500;

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

/**
 * The plan's shards in order. Candidates are the shortest run of seeds from seedStart, skipped ones left out.
 * @throws DatasetGanError `bad-request` when the run passes the greatest seed, 2^32 − 1.
 */
export function shards(plan: DatasetPlan): Shard[] {
  const skipped = new Set(plan.skippedSeeds);
  const out: Shard[] = [];
  let seed = plan.seedStart;
  let left = candidateCount(plan.count, plan.filter);
  while (left > 0) {
    const seeds: number[] = [];
    for (; seeds.length < Math.min(plan.shardSize, left); seed++) if (!skipped.has(seed)) seeds.push(seed);
    if (seeds.at(-1)! > LARGEST_SEED) {
      throw new DatasetGanError(
        'bad-request',
        `From seed ${plan.seedStart} on there are fewer than ${plan.count} seeds left below 2^32.`,
        {
          fix: 'Order fewer pairs, or give a smaller seedStart.',
        },
      );
    }
    left -= seeds.length;
    out.push({ index: out.length, seeds });
  }
  return out;
}
