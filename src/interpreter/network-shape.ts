import { BLOCK_COLUMNS } from './recipe.ts';

/** Sizes of an ensemble: E classifiers d → H1 → H2 → K side by side. */
export interface NetworkShape {
  /** d, the numbers that are kept of a pixel. */
  readonly dims: number;
  /** E */
  readonly members: number;
  /** H1, H2 */
  readonly hidden: readonly [number, number];
  /** K */
  readonly classes: number;
}

/** Column blocks of the training matrix and row blocks of the first layer: [start, end) in 0 … d. */
export function featureBlocks(dims: number): { start: number; end: number }[] {
  return Array.from({ length: Math.ceil(dims / BLOCK_COLUMNS) }, (_, block) => ({
    start: block * BLOCK_COLUMNS,
    end: Math.min(dims, (block + 1) * BLOCK_COLUMNS),
  }));
}

/** Name and dims of each trained array, in the order of the training graph's inputs. The members' first layers are side by side. */
export function parameterShapes({ dims, members, hidden: [h1, h2], classes }: NetworkShape): { name: string; dims: number[] }[] {
  const first = members * h1;
  return [
    ...featureBlocks(dims).map(({ start, end }, block) => ({ name: `w1.${block}`, dims: [end - start, first] })),
    ...['b1', 'gamma1', 'beta1'].map((name) => ({ name, dims: [1, first] })),
    { name: 'w2', dims: [members, h1, h2] },
    ...['b2', 'gamma2', 'beta2'].map((name) => ({ name, dims: [members, 1, h2] })),
    { name: 'w3', dims: [members, h2, classes] },
    { name: 'b3', dims: [members, 1, classes] },
  ];
}

/** BatchNorm's running mean and variance. */
export function statisticShapes({ members, hidden: [h1, h2] }: NetworkShape): { name: string; dims: number[] }[] {
  return [
    ...['mean1', 'variance1'].map((name) => ({ name, dims: [1, members * h1] })),
    ...['mean2', 'variance2'].map((name) => ({ name, dims: [members, 1, h2] })),
  ];
}

/**
 * All that a training carries from step to step. Adam's two averages are kept without their (1 - β) factor and multiplied by a growth
 * c = β2^(-t/2) and c², which saves the largest arrays a pass: with the gradient c·g of step t, m ← (β1/√β2)·m + c·g, s ← s + (c·g)².
 */
export function stateShapes(shape: NetworkShape): { name: string; dims: number[] }[] {
  const parameters = parameterShapes(shape);
  return [
    ...parameters,
    ...parameters.map(({ name, dims }) => ({ name: `${name}.m`, dims })),
    ...parameters.map(({ name, dims }) => ({ name: `${name}.s`, dims })),
    ...statisticShapes(shape),
  ];
}

/** Sums over the states that a training's result is the mean of (trainEnsemble): of each parameter and statistic. */
export function sumShapes(shape: NetworkShape): { name: string; dims: number[] }[] {
  return averagedShapes(shape).map(({ name, dims }) => ({ name: sumName(name), dims }));
}

export const sumName = (name: string): string => `${name}.sum`;

/** The arrays that are averaged: all but Adam's. */
export function averagedShapes(shape: NetworkShape): { name: string; dims: number[] }[] {
  return [...parameterShapes(shape), ...statisticShapes(shape)];
}

/** All arrays of a training: `stateShapes`, `sumShapes`. */
export function progressShapes(shape: NetworkShape): { name: string; dims: number[] }[] {
  return [...stateShapes(shape), ...sumShapes(shape)];
}

/** The arrays of `progressShapes`, by name. */
export type TrainingState = ReadonlyMap<string, Float32Array>;

export const elements = (dims: readonly number[]): number => dims.reduce((product, size) => product * size, 1);
