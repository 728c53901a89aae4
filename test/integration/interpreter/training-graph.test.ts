import { afterAll, expect, test } from 'vitest';
import { learningRate } from '../../../src/interpreter/ensemble/schedule.ts';
import { initialState, type Progress, trainEnsemble } from '../../../src/interpreter/ensemble/train-ensemble.ts';
import { Random } from '../../../src/interpreter/learning/random.ts';
import {
  elements,
  featureBlocks,
  type NetworkShape,
  progressShapes,
  type TrainingState,
} from '../../../src/interpreter/network-shape.ts';
import { DEFAULT_SETTINGS, type TrainingSettings } from '../../../src/interpreter/recipe.ts';
import type { TrainingMatrix } from '../../../src/interpreter/sampling/training-matrix.ts';
import { learnableMatrix } from './support/learnable.ts';
import {
  type Batch,
  PARAMETERS,
  type ReferenceParameters,
  ReferenceTraining,
  referenceGradients,
  referenceLoss,
} from './support/reference-network.ts';
import { testContext } from './support/test-context.ts';

const context = testContext();
afterAll(() => context.close());

/** One member's part of a trained array. */
function memberPart(state: TrainingState, name: string, member: number, shape: NetworkShape): Float64Array {
  const { members, hidden, dims } = shape;
  const [h1] = hidden;
  const base = name.replace(/\.[ms]$/, '');
  const suffix = name.slice(base.length);
  const columns = (values: Float32Array) =>
    Float64Array.from(
      { length: values.length / members },
      (_, i) => values[Math.floor(i / h1) * members * h1 + member * h1 + (i % h1)]!,
    );
  if (base === 'w1') {
    const out = new Float64Array(dims * h1);
    for (const [b, { start }] of featureBlocks(dims).entries()) out.set(columns(state.get(`w1.${b}${suffix}`)!), start * h1);
    return out;
  }
  const values = state.get(name)!;
  if (base.endsWith('1')) return columns(values);
  const length = values.length / members;
  return Float64Array.from(values.subarray(member * length, (member + 1) * length));
}

function referenceOf(state: TrainingState, member: number, shape: NetworkShape): ReferenceParameters {
  return Object.fromEntries(
    PARAMETERS.map((name) => [name, memberPart(state, name, member, shape)]),
  ) as unknown as ReferenceParameters;
}

function batchOf(
  matrix: TrainingMatrix,
  weights: Float32Array,
  members: number,
  member: number,
  indices: readonly number[],
  targets?: Float32Array,
): Batch {
  const blocks = featureBlocks(matrix.dims);
  const x = indices.map((row) => {
    const out = new Float64Array(matrix.dims);
    for (const [b, { start, end }] of blocks.entries()) {
      for (let d = start; d < end; d++) out[d] = matrix.blocks[b]![row * (end - start) + d - start]!;
    }
    return out;
  });
  return {
    x,
    labels: indices.map((row) => matrix.labels[row]!),
    weights: indices.map((row) => weights[row * members + member]!),
    ...(targets === undefined
      ? {}
      : {
          targets: indices.map((row) => [
            ...targets.subarray((row * targets.length) / matrix.rows, ((row + 1) * targets.length) / matrix.rows),
          ]),
        }),
  };
}

/** The rows that step t of the product draws. */
function drawnRows(settings: TrainingSettings, seed: number, t: number, rows: number): number[] {
  const random = new Random(seed, 'batches', 0, t);
  return Array.from({ length: settings.batch }, () => random.below(rows));
}

function someWeights(length: number): Float32Array {
  const random = new Random(3, 'resample');
  return Float32Array.from({ length }, () => random.poisson());
}

const allRows = (matrix: TrainingMatrix) => Int32Array.from({ length: matrix.rows }, (_, row) => row);

/** Moved off the initial values, where γ = 1, β = 0 and the biases are 0 hide mistakes. */
function shaken(shape: NetworkShape): TrainingState {
  const random = new Random(9, 'weights');
  const state = new Map(progressShapes(shape).map(({ name, dims }) => [name, new Float32Array(elements(dims))]));
  for (const [name, values] of state) {
    if (/\.(m|s|sum)$/.test(name)) continue;
    const centre = name.startsWith('gamma') || name.startsWith('variance') ? 1 : 0;
    const std = name.startsWith('w') || name.startsWith('b') ? 0.3 : 0.1;
    for (let i = 0; i < values.length; i++) values[i] = centre + std * random.normal();
  }
  return state;
}

/** Numbers between 0 and 1, as heat is. */
function someTargets(length: number): Float32Array {
  const random = new Random(6, 'keypoints');
  return Float32Array.from({ length }, () => random.uniform() ** 4);
}

test.each(['cross-entropy', 'squares'])('gradients of the graph are those of finite differences, under %s', async (loss) => {
  const shape: NetworkShape = { dims: 140, members: 3, hidden: [8, 5], classes: 4 };
  const settings = { ...DEFAULT_SETTINGS, steps: 1, maxSteps: 1, batch: 32 };
  const matrix = learnableMatrix(200, shape.dims, shape.classes, 1, 1);
  const weights = someWeights(matrix.rows * shape.members);
  const targets = loss === 'squares' ? someTargets(matrix.rows * shape.classes) : undefined;
  const before = shaken(shape);
  const { state } = await trainEnsemble(context, {
    matrix,
    ...(targets && { targets }),
    shape,
    settings,
    seed: 11,
    fold: 0,
    rows: allRows(matrix),
    weights,
    resume: { step: 0, state: before, summed: 0, losses: [] },
  });
  for (let member = 0; member < shape.members; member++) {
    const parameters = referenceOf(before, member, shape);
    const batch = batchOf(matrix, weights, shape.members, member, drawnRows(settings, 11, 0, matrix.rows), targets);
    const { gradients } = referenceGradients(parameters, batch);
    for (const name of PARAMETERS) {
      // Adam's first average starts at 0 and is kept without its factor: after one step it is the gradient.
      const ours = memberPart(state, `${name}.m`, member, shape);
      const scale = Math.max(...gradients[name].map(Math.abs), 1e-3);
      for (let i = 0; i < ours.length; i += Math.ceil(ours.length / 12)) {
        const step = 1e-6;
        const held = parameters[name][i]!;
        parameters[name][i] = held + step;
        const above = referenceLoss(parameters, batch);
        parameters[name][i] = held - step;
        const below = referenceLoss(parameters, batch);
        parameters[name][i] = held;
        const difference = (above - below) / (2 * step);
        expect(Math.abs(gradients[name][i]! - difference) / scale, `reference ${name}[${i}]`).toBeLessThan(1e-5);
        expect(Math.abs(ours[i]! - difference) / scale, `graph ${name}[${i}]`).toBeLessThan(5e-5);
      }
    }
  }
});

test.each(['cross-entropy', 'squares'])(
  '30 steps under %s give the mean of the weights and statistics after 25 and 30 in double precision',
  async (loss) => {
    const shape: NetworkShape = { dims: 140, members: 2, hidden: [16, 8], classes: 5 };
    const settings = { ...DEFAULT_SETTINGS, steps: 30, maxSteps: 30, batch: 64 };
    const matrix = learnableMatrix(500, shape.dims, shape.classes, 5, 2);
    const weights = someWeights(matrix.rows * shape.members);
    const targets = loss === 'squares' ? someTargets(matrix.rows * shape.classes) : undefined;
    const training = { matrix, shape, settings, seed: 4, fold: 0, rows: allRows(matrix), weights, ...(targets && { targets }) };
    const { state, losses } = await trainEnsemble(context, training);
    const sums = new Float64Array(settings.steps);
    for (let member = 0; member < shape.members; member++) {
      const reference = new ReferenceTraining(referenceOf(initialState(shape, 4, 0), member, shape));
      const means = new Map<string, Float64Array>();
      for (let t = 0; t < settings.steps; t++) {
        const batch = batchOf(matrix, weights, shape.members, member, drawnRows(settings, 4, t, matrix.rows), targets);
        sums[t]! += reference.step(batch, learningRate(t, settings)) / shape.members;
        if (t + 1 === 25 || t + 1 === 30)
          for (const [name, values] of Object.entries<Float64Array>({ ...reference.parameters, ...reference.statistics }))
            means.set(
              name,
              values.map((value, i) => (means.get(name)?.[i] ?? 0) + value / 2),
            );
      }
      for (const [name, expected] of means) {
        const ours = memberPart(state, name, member, shape);
        const worst = Math.max(...ours.map((value, i) => Math.abs(value - expected[i]!)));
        expect(worst, name).toBeLessThan(1e-5);
      }
    }
    for (const [t, own] of losses.entries()) expect(Math.abs(own - sums[t]!), `loss of step ${t}`).toBeLessThan(1e-5);
  },
);

test('a whole training ends within 2 % of the loss of one in double precision', async () => {
  const shape: NetworkShape = { dims: 40, members: 1, hidden: [24, 12], classes: 4 };
  const settings = { ...DEFAULT_SETTINGS, steps: 600, maxSteps: 600, batch: 64 };
  const matrix = learnableMatrix(800, shape.dims, shape.classes, 4, 3, 6);
  const weights = someWeights(matrix.rows);
  const { losses } = await trainEnsemble(context, { matrix, shape, settings, seed: 8, fold: 0, rows: allRows(matrix), weights });
  const reference = new ReferenceTraining(referenceOf(initialState(shape, 8, 0), 0, shape));
  const expected = Array.from({ length: settings.steps }, (_, t) =>
    reference.step(batchOf(matrix, weights, 1, 0, drawnRows(settings, 8, t, matrix.rows)), learningRate(t, settings)),
  );
  const last = (values: readonly number[]) => values.slice(-100).reduce((sum, value) => sum + value, 0) / 100;
  expect(last(losses)).toBeGreaterThan(0.02);
  expect(Math.abs(last(losses) / last(expected) - 1)).toBeLessThan(0.02);
  expect(losses.at(0)! / last(losses)).toBeGreaterThan(2);
});

test('a training taken up before or after its states are averaged ends with the same bytes', async () => {
  const shape: NetworkShape = { dims: 300, members: 3, hidden: [16, 8], classes: 3 };
  const settings = { ...DEFAULT_SETTINGS, steps: 150, maxSteps: 150 };
  const matrix = learnableMatrix(300, shape.dims, shape.classes, 1, 5);
  const training = { matrix, shape, settings, seed: 1, fold: 0, rows: allRows(matrix), weights: someWeights(matrix.rows * 3) };
  const reached: Progress[] = [];
  const unbroken = await trainEnsemble(context, { ...training, onProgress: (_, all) => void reached.push(all()) });
  expect(reached.map(({ step }) => step)).toEqual([25, 50, 75, 100, 125]);
  for (const resume of [reached[1]!, reached[3]!])
    expect(await trainEnsemble(context, { ...training, resume })).toEqual(unbroken);
});
