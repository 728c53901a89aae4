import { freeMemory } from '../../engine/free-memory.ts';
import type { EngineContext } from '../../engine/task.ts';
import { DatasetGanError } from '../../errors.ts';
import { Random } from '../learning/random.ts';
import {
  averagedShapes,
  elements,
  featureBlocks,
  type NetworkShape,
  progressShapes,
  stateShapes,
  sumName,
  type TrainingState,
} from '../network-shape.ts';
import { AVERAGE, INITIAL_STD, type TrainingSettings } from '../recipe.ts';
import type { TrainingMatrix } from '../sampling/training-matrix.ts';
import { type MemberGroup, memberGroups, stateOfAll, stateOfGroup } from './member-groups.ts';
import { adamRates, isDone } from './schedule.ts';
import { runSideBySide, type StepsFeed } from './step-threads.ts';

/** Rows of the first layer whose initial weights come from one stream of random numbers. */
const ROWS_DRAWN = 128;

export interface Progress {
  /** Steps done. */
  readonly step: number;
  readonly state: TrainingState;
  /** States that are in the sums. */
  readonly summed: number;
  /** Mean loss over the members, one per step. */
  readonly losses: readonly number[];
}

/** What is told of a training after each session run. */
export type Reached = Pick<Progress, 'step' | 'losses'>;

/** Mean loss of the last 100 steps. */
export function recentLoss({ losses }: Pick<Reached, 'losses'>): number {
  const recent = losses.slice(-100);
  return recent.reduce((sum, loss) => sum + loss, 0) / recent.length;
}

export interface EnsembleTraining {
  readonly matrix: TrainingMatrix;
  readonly shape: NetworkShape;
  readonly settings: TrainingSettings;
  readonly seed: number;
  /** Sets the draws of one validation fold apart from another's and from the version's own (0). */
  readonly fold: number;
  /** Rows to draw minibatches from. */
  readonly rows: Int32Array;
  /** [n, E] */
  readonly weights: Float32Array;
  /** [n, K]: what the outputs of a row should be, under squares; left out: the classes of the matrix, under cross-entropy. */
  readonly targets?: Float32Array;
  /** Where an interrupted training goes on. */
  readonly resume?: Progress;
  /**
   * Called after every session run but the last. What it does is waited for at the end of the next run.
   * @param all gives the whole of it, for a checkpoint; to be called at once
   */
  readonly onProgress?: (reached: Reached, all: () => Progress) => Promise<void> | void;
}

/**
 * Trains an ensemble to the end of its schedule. While the threads compute, this one draws the pixels of the next run.
 * @returns the mean of the states in the second half of the schedule
 * @throws DatasetGanError `cancelled` between two session runs; `training-refused` when the loss is not finite; what onProgress throws
 */
export async function trainEnsemble(context: EngineContext, training: EnsembleTraining): Promise<Progress> {
  const { shape, settings } = training;
  const groups = memberGroups(shape);
  let { step, losses, summed } = training.resume ?? { step: 0, losses: [], summed: 0 };
  const start = training.resume?.state ?? initialState(shape, training.seed, training.fold);
  let states: TrainingState[] = groups.map((group) => stateOfGroup(start, shape, group));
  let ahead: Minibatches | undefined;
  let telling = Promise.resolve();
  while (!isDone(losses, settings)) {
    const shared = ahead ?? minibatches(training, step);
    const requests = groups.map((group, i) => ({
      shape: group.shape,
      loss: training.targets === undefined ? ('cross-entropy' as const) : ('squares' as const),
      shared: shared.feeds,
      own: [memberWeightsOf(training, shared.rows, group), ...stateFeeds(group.shape, states[i]!)],
    }));
    const running = runSideBySide(requests, context.threads);
    step += shared.steps;
    // Whether there are more steps than the schedule's is decided by their losses.
    ahead = step < settings.steps ? minibatches(training, step) : undefined;
    // Both have ended before one of them throws.
    const [ran, told] = await Promise.allSettled([running, telling]);
    for (const { data } of shared.feeds) freeMemory(data);
    if (told.status === 'rejected') throw told.reason;
    if (ran.status === 'rejected') throw ran.reason;
    const outputs = ran.value;
    const counts = step > AVERAGE.from * settings.steps;
    states = groups.map((group, i) => stateAfter(group.shape, states[i]!, outputs[i]!, counts));
    if (counts) summed++;
    losses = [...losses, ...meanLosses(groups, outputs, shared.steps)];
    if (!Number.isFinite(losses.at(-1)))
      throw new DatasetGanError('training-refused', `The training diverged: its loss is not a number after ${step} steps.`, {
        fix: 'The previous version stays in use. This should not happen: please report it with the project export.',
      });
    await context.checkpoint();
    const all = () => ({ step, state: stateOfAll(shape, groups, states), summed, losses });
    if (!isDone(losses, settings)) telling = Promise.resolve(training.onProgress?.({ step, losses }, all));
  }
  return { step, state: meanState(shape, stateOfAll(shape, groups, states), summed), summed, losses };
}

/** A group's arrays after a session run. `counts`: they are among those that the result is the mean of. */
function stateAfter(
  shape: NetworkShape,
  before: TrainingState,
  outputs: ReadonlyMap<string, Float32Array>,
  counts: boolean,
): TrainingState {
  const sums = averagedShapes(shape).map(({ name }) => {
    const sum = before.get(sumName(name))!;
    const values = outputs.get(`${name}.out`)!;
    if (counts) for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
    return [sumName(name), sum] as const;
  });
  return new Map([...stateShapes(shape).map(({ name }) => [name, outputs.get(`${name}.out`)!] as const), ...sums]);
}

/** The mean of the states that were summed, in place of the last one. */
function meanState(shape: NetworkShape, state: TrainingState, summed: number): TrainingState {
  const means = averagedShapes(shape).map(({ name }) => [name, state.get(sumName(name))!.map((sum) => sum / summed)] as const);
  return new Map([...state, ...means]);
}

/** Pixels that the steps of one session run see. */
interface Minibatches {
  readonly feeds: readonly StepsFeed[];
  /** Of the matrix, [steps · B]. */
  readonly rows: Int32Array;
  readonly steps: number;
}

/**
 * The inputs that all groups share: the pixels of the minibatches one after another (so that a thread gets those it uses, and not the whole matrix), their
 * targets, and the rates.
 */
function minibatches(training: EnsembleTraining, from: number): Minibatches {
  const { matrix, shape, settings, rows, seed, fold } = training;
  const { batch } = settings;
  const steps = Math.min(AVERAGE.everySteps, (from < settings.steps ? settings.steps : settings.maxSteps) - from);
  const drawn = new Int32Array(steps * batch);
  const rates = new Float32Array(steps * 3);
  for (let t = 0; t < steps; t++) {
    const random = new Random(seed, 'batches', fold, from + t);
    for (let b = 0; b < batch; b++) drawn[t * batch + b] = rows[random.below(rows.length)]!;
    rates.set(adamRates(from + t, settings), 3 * t);
  }
  const pixels = matrix.blocks.map((block, b): StepsFeed => {
    const width = block.length / matrix.rows;
    const data = new Float32Array(drawn.length * width);
    for (const [at, row] of drawn.entries()) data.set(block.subarray(row * width, (row + 1) * width), at * width);
    return { name: `x.${b}`, type: 'float32', data, dims: [drawn.length, width] };
  });
  const feeds: StepsFeed[] = [
    { name: 'steps', type: 'int64', data: BigInt64Array.of(BigInt(steps)), dims: [] },
    { name: 'batches', type: 'int32', data: Int32Array.from(drawn.keys()), dims: [steps, batch] },
    { name: 'rates', type: 'float32', data: rates, dims: [steps, 3] },
    { name: 'targets', type: 'float32', data: targetsOf(training, drawn), dims: [drawn.length, shape.classes] },
    ...pixels,
  ];
  return { feeds, rows: drawn, steps };
}

/** What the outputs [rows, K] of the minibatches' pixels should be. */
function targetsOf({ matrix, shape: { classes }, targets }: EnsembleTraining, rows: Int32Array): Float32Array {
  const data = new Float32Array(rows.length * classes);
  for (const [at, row] of rows.entries()) {
    if (targets === undefined) data[at * classes + matrix.labels[row]!] = 1;
    else data.set(targets.subarray(row * classes, (row + 1) * classes), at * classes);
  }
  return data;
}

/** The weights [rows, members of the group] of the minibatches' pixels. */
function memberWeightsOf(
  { shape, weights }: EnsembleTraining,
  rows: Int32Array,
  { from, shape: { members } }: MemberGroup,
): StepsFeed {
  const data = new Float32Array(rows.length * members);
  for (const [at, row] of rows.entries()) {
    const start = row * shape.members + from;
    data.set(weights.subarray(start, start + members), at * members);
  }
  return { name: 'weights', type: 'float32', data, dims: [rows.length, members] };
}

function stateFeeds(shape: NetworkShape, state: TrainingState): StepsFeed[] {
  return stateShapes(shape).map(({ name, dims }) => ({ name, type: 'float32', data: state.get(name)!, dims }));
}

/** Weights N(0, 0.02), biases, sums and Adam's averages 0, BatchNorm γ 1, β 0, running mean 0 and variance 1. */
export function initialState(shape: NetworkShape, seed: number, fold: number): TrainingState {
  const state = new Map(progressShapes(shape).map(({ name, dims }) => [name, new Float32Array(elements(dims))]));
  for (const name of ['gamma1', 'gamma2', 'variance1', 'variance2']) state.get(name)!.fill(1);
  // Member by member, and the first layer in groups of rows, so that a weight starts from the same value however many members there are beside its
  // own and however the rows are put into blocks.
  const groups = Math.ceil(shape.dims / ROWS_DRAWN);
  for (let member = 0; member < shape.members; member++) {
    const draw = (group: number) => new Random(seed, 'weights', member, fold * 1000 + group);
    const fill = (values: Float32Array, random: Random) => {
      for (let i = 0; i < values.length; i++) values[i] = INITIAL_STD * random.normal();
    };
    const [h1] = shape.hidden;
    let random = draw(0);
    for (const [block, { start, end }] of featureBlocks(shape.dims).entries()) {
      const values = state.get(`w1.${block}`)!;
      for (let row = start; row < end; row++) {
        if (row % ROWS_DRAWN === 0) random = draw(row / ROWS_DRAWN);
        const at = ((row - start) * shape.members + member) * h1;
        fill(values.subarray(at, at + h1), random);
      }
    }
    for (const [layer, name] of ['w2', 'w3'].entries()) {
      const values = state.get(name)!;
      const size = values.length / shape.members;
      fill(values.subarray(member * size, (member + 1) * size), draw(groups + layer));
    }
  }
  return state;
}

/** Mean over the members of all groups, step by step. */
function meanLosses(
  groups: readonly MemberGroup[],
  outputs: readonly ReadonlyMap<string, Float32Array>[],
  steps: number,
): number[] {
  const members = groups.reduce((sum, { shape }) => sum + shape.members, 0);
  return Array.from({ length: steps }, (_, step) => {
    let sum = 0;
    for (const [i, { shape }] of groups.entries()) {
      const losses = outputs[i]!.get('losses')!;
      for (let member = 0; member < shape.members; member++) sum += losses[step * shape.members + member]!;
    }
    return sum / members;
  });
}
