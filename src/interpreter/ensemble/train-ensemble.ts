import { Tensor } from 'onnxruntime-node';
import type { EngineContext } from '../../engine/task.ts';
import { DatasetGanError } from '../../errors.ts';
import { encodeModel } from '../../onnx/encode.ts';
import { Random } from '../learning/random.ts';
import { elements, featureBlocks, type NetworkShape, stateShapes, type TrainingState } from '../network-shape.ts';
import { INITIAL_STD, type TrainingSettings } from '../recipe.ts';
import type { TrainingMatrix } from '../sampling/training-matrix.ts';
import { adamRates, isDone } from './schedule.ts';
import { trainingGraph } from './training-graph.ts';

/** Steps in one session run: the time between two chances to cancel, and a copy of the state (80 MB at D = 5056) is paid per run. */
const STEPS_PER_RUN = 50;

/** Rows of the first layer whose initial weights come from one stream of random numbers. */
const ROWS_DRAWN = 128;

export interface Progress {
  /** Steps done. */
  readonly step: number;
  readonly state: TrainingState;
  /** Mean loss over the members, one per step. */
  readonly losses: readonly number[];
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
  /** Where an interrupted training goes on. */
  readonly resume?: Progress;
  /** Called after every session run but the last. */
  readonly onProgress?: (progress: Progress) => Promise<void> | void;
}

/**
 * Trains an ensemble to the end of its schedule.
 * @throws DatasetGanError `cancelled` between two session runs; `training-refused` when the loss is not finite.
 */
export async function trainEnsemble(context: EngineContext, training: EnsembleTraining): Promise<Progress> {
  const { matrix, shape, settings, weights } = training;
  const key = `training ${JSON.stringify(shape)}`;
  const memory = 4 * elements([shape.dims, shape.members, shape.hidden[0]]) * 7;
  const session = await context.session(key, memory, () => encodeModel(trainingGraph(shape)));
  const fixed: Record<string, Tensor> = {
    labels: new Tensor('float32', oneHot(matrix.labels, shape.classes), [matrix.rows, shape.classes]),
    weights: new Tensor('float32', weights, [matrix.rows, shape.members]),
  };
  for (const [b, block] of matrix.blocks.entries())
    fixed[`x.${b}`] = new Tensor('float32', block, [matrix.rows, block.length / matrix.rows]);
  const shapes = stateShapes(shape);
  let { step, state, losses } = training.resume ?? {
    step: 0,
    state: initialState(shape, training.seed, training.fold),
    losses: [],
  };
  while (!isDone(losses, settings)) {
    const run = Math.min(STEPS_PER_RUN, (step < settings.steps ? settings.steps : settings.maxSteps) - step);
    const feeds = { ...fixed, ...schedule(training, step, run) };
    for (const { name, dims } of shapes) feeds[name] = new Tensor('float32', state.get(name)!, dims);
    const outputs = await session.run(feeds);
    state = new Map(shapes.map(({ name }) => [name, outputs[`${name}.out`]!.data as Float32Array]));
    losses = [...losses, ...meanLosses(outputs.losses!.data as Float32Array, shape.members)];
    step += run;
    if (!Number.isFinite(losses.at(-1)))
      throw new DatasetGanError('training-refused', `The training diverged: its loss is not a number after ${step} steps.`, {
        fix: 'The previous version stays in use. This should not happen: please report it with the project export.',
      });
    await context.checkpoint();
    if (!isDone(losses, settings)) await training.onProgress?.({ step, state, losses });
  }
  return { step, state, losses };
}

function schedule({ settings, rows, seed, fold }: EnsembleTraining, from: number, steps: number): Record<string, Tensor> {
  const batches = new Int32Array(steps * settings.batch);
  const rates = new Float32Array(steps * 3);
  for (let t = 0; t < steps; t++) {
    const random = new Random(seed, 'batches', fold, from + t);
    for (let b = 0; b < settings.batch; b++) batches[t * settings.batch + b] = rows[random.below(rows.length)]!;
    rates.set(adamRates(from + t, settings), 3 * t);
  }
  return {
    steps: new Tensor('int64', BigInt64Array.of(BigInt(steps)), []),
    batches: new Tensor('int32', batches, [steps, settings.batch]),
    rates: new Tensor('float32', rates, [steps, 3]),
  };
}

/** Weights N(0, 0.02), biases and Adam's averages 0, BatchNorm γ 1, β 0, running mean 0 and variance 1. */
export function initialState(shape: NetworkShape, seed: number, fold: number): TrainingState {
  const state = new Map(stateShapes(shape).map(({ name, dims }) => [name, new Float32Array(elements(dims))]));
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

function oneHot(labels: Uint8Array, classes: number): Float32Array {
  const out = new Float32Array(labels.length * classes);
  for (const [row, label] of labels.entries()) out[row * classes + label] = 1;
  return out;
}

function meanLosses(losses: Float32Array, members: number): number[] {
  return Array.from({ length: losses.length / members }, (_, step) => {
    let sum = 0;
    for (let member = 0; member < members; member++) sum += losses[step * members + member]!;
    return sum / members;
  });
}
