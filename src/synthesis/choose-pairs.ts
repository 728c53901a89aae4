import { candidateCount, candidateLimit, type DatasetPlan } from './dataset-plan.ts';
import type { PairRecord } from './pair-record.ts';
import { brokenRule, passesRules, type RuleName } from './rules.ts';
import { type Candidate, isWithin, uncertaintyCut } from './uncertainty-filter.ts';

/** Which candidates of a plan are delivered: those up to `lastSeed` that pass the rules and are no more uncertain than `cut`. */
export interface Choice {
  /** Candidates that were tried: the shortest run of which M pass, or as many as may be. */
  readonly tried: number;
  /** Of those, the ones that pass the rules. */
  readonly passed: number;
  /** Of the others, how many broke each rule first. */
  readonly refused: Readonly<Partial<Record<RuleName, number>>>;
  readonly kept: number;
  /** Passed, and dropped as most uncertain. */
  readonly dropped: number;
  /** Seed of the last candidate. */
  readonly lastSeed: number;
  /** The most uncertain pair that is kept; null: none is. */
  readonly cut: Candidate | null;
}

/**
 * Goes through a plan's candidates and chooses: the shortest run of which M = ceil(count / (1 − filter)) pass the rules, without the M − count
 * most uncertain of them. Where the candidates end before M have passed, the same share of those that passed is dropped. The outcome is that
 * of the candidates alone, in however many portions they come.
 */
export class PairChooser {
  readonly #plan: DatasetPlan;
  readonly #wanted: number;
  readonly #js: number[] = [];
  readonly #seeds: number[] = [];
  readonly #refused: Partial<Record<RuleName, number>> = {};
  #tried = 0;
  #lastSeed = -1;

  constructor(plan: DatasetPlan) {
    this.#plan = plan;
    this.#wanted = candidateCount(plan.count, plan.filter);
  }

  /** The next candidate, in seed order; without effect once enough have passed. */
  add(record: PairRecord): void {
    if (this.#js.length === this.#wanted) return;
    this.#tried++;
    this.#lastSeed = record.seed;
    const { rules } = this.#plan;
    const broken = rules === undefined ? undefined : brokenRule(record, rules);
    if (broken !== undefined) {
      this.#refused[broken.rule] = (this.#refused[broken.rule] ?? 0) + 1;
      return;
    }
    this.#js.push(record.js);
    this.#seeds.push(record.seed);
  }

  /** Candidates that should be tried in all, by the share that passed so far, but at most twice as many; what was tried when that is the end. */
  get outlook(): number {
    const missing = this.#wanted - this.#js.length;
    if (this.#tried === 0) return this.#wanted;
    if (missing === 0) return this.#tried;
    const share = Math.max(this.#js.length, 1) / this.#tried;
    return Math.min(candidateLimit(this.#plan), 2 * this.#tried, this.#tried + Math.ceil(missing / share));
  }

  choice(): Choice {
    const { count, filter } = this.#plan;
    const passed = this.#js.length;
    // 1 − filter is rounded, as in candidateCount.
    const kept = passed === this.#wanted ? count : Math.floor(passed * (1 - filter) + 1e-9);
    const cut = uncertaintyCut(this.#js, this.#seeds, kept);
    return { tried: this.#tried, passed, refused: this.#refused, kept, dropped: passed - kept, lastSeed: this.#lastSeed, cut };
  }
}

/** What became of a candidate. `unneeded`: enough had passed before it. */
export type Fate = 'kept' | 'dropped' | 'refused' | 'unneeded';

export function fateOf(record: PairRecord, plan: DatasetPlan, { lastSeed, cut }: Choice): Fate {
  if (record.seed > lastSeed) return 'unneeded';
  if (!passesRules(record, plan.rules)) return 'refused';
  return isWithin(record, cut) ? 'kept' : 'dropped';
}
