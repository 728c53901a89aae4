import { Tensor } from 'onnxruntime-node';
import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { NetworkShape } from '../network-shape.ts';
import type { Classifier } from './classifier.ts';

/** Everything after the first layer as values of a graph, one of each for every member. */
export interface HeadValues {
  /** [1, H1]: what is added to the first layer's products. */
  readonly b1: readonly string[];
  /** [H1, H2] */
  readonly w2: readonly string[];
  /** [1, H2] */
  readonly b2: readonly string[];
  /** [H2, K] */
  readonly w3: readonly string[];
  /** [K, 1] */
  readonly b3: readonly string[];
}

/**
 * Declares the inputs of everything after the first layer: `b1` [1, E·H1], `w2` [E, H1, H2], `b2` [E, 1, H2], `w3` [E, H2, K], `b3` [E, 1, K]; gives
 * each member's part of them.
 * @param prefix of their names, where a graph has two heads
 */
export function headInputs(g: GraphBuilder, { members, hidden: [h1, h2], classes }: NetworkShape, prefix = ''): HeadValues {
  const b1 = g.input(`${prefix}b1`, 'float32', [1, members * h1]);
  const w2 = g.input(`${prefix}w2`, 'float32', [members, h1, h2]);
  const b2 = g.input(`${prefix}b2`, 'float32', [members, 1, h2]);
  const w3 = g.input(`${prefix}w3`, 'float32', [members, h2, classes]);
  const b3 = g.input(`${prefix}b3`, 'float32', [members, 1, classes]);
  const parts = (value: string, rows: number, columns: number) =>
    perMember(g, value, members, 0).map((part) => g.op('Reshape', [part, g.int64(rows, columns)]));
  return {
    b1: perMember(g, b1, members, 1),
    w2: parts(w2, h1, h2),
    b2: parts(b2, 1, h2),
    w3: parts(w3, h2, classes),
    b3: parts(b3, classes, 1),
  };
}

/** A classifier as the inputs of `headInputs`. */
export function headFeeds({ shape, b1, w2, b2, w3, b3 }: Classifier, prefix = ''): Record<string, Tensor> {
  const { members, hidden, classes } = shape;
  const [h1, h2] = hidden;
  return {
    [`${prefix}b1`]: new Tensor('float32', b1, [1, members * h1]),
    [`${prefix}w2`]: new Tensor('float32', w2, [members, h1, h2]),
    [`${prefix}b2`]: new Tensor('float32', b2, [members, 1, h2]),
    [`${prefix}w3`]: new Tensor('float32', w3, [members, h2, classes]),
    [`${prefix}b3`]: new Tensor('float32', b3, [members, 1, classes]),
  };
}

/** The parts of an array that has the members side by side along an axis. */
export function perMember(g: GraphBuilder, value: string, members: number, axis: number): string[] {
  return g.ops('Split', [value], members, { axis: { i: axis }, num_outputs: { i: members } });
}

/**
 * x [P, d], or whatever else a product with w1 is made of, → each member's first-layer sums [P, H1], b1 among them.
 * @param w1 of each member, [d, H1]
 */
export function firstLayer(g: GraphBuilder, x: string, w1: readonly string[], { b1 }: HeadValues): string[] {
  return w1.map((weights, e) => g.op('Gemm', [x, weights, b1[e]!]));
}

/**
 * First-layer sums of each member [P, H1], before their ReLU → logits [E, K, P]: pixels are innermost, so that every later step works on long rows.
 * Member by member, since a member's hidden units stay in the cache between two layers, and a product of its own takes bias and ReLU with it: ten members
 * in one product each layer took a third longer.
 */
export function headGraph(
  g: GraphBuilder,
  sums: readonly string[],
  { members, classes }: Pick<NetworkShape, 'members' | 'classes'>,
  { w2, b2, w3, b3 }: HeadValues,
): string {
  const logits = sums.map((sum, e) => {
    const second = g.op('Relu', [g.op('Gemm', [g.op('Relu', [sum]), w2[e]!, b2[e]!])]);
    return g.op('Gemm', [w3[e]!, second, b3[e]!], { transA: { i: 1 }, transB: { i: 1 } });
  });
  return g.op('Reshape', [g.op('Concat', logits, { axis: { i: 0 } }), g.int64(members, classes, -1)]);
}

/** Slope of a step from 0 to 1 that no two different logits are within. */
const STEEP = 1e30;

/**
 * logits [E, K, P] → label uint8 [P], divergence float32 [P], in nats, and the members' mean softmax [1, K, P].
 * Vote: majority of the members; ties go to the tied class of largest mean probability, then to the lowest index. A member that is undecided between
 * classes, to the last bit, votes for each of them.
 * Divergence (Jensen-Shannon): H(mean of softmax) - mean of H(softmax), clamped at 0; of the softmax, not of the logits.
 * With t = logit - largest logit and s = Σ exp t, a member's p = exp t / s and H = log s - Σ t·exp t / s: no logarithm per class.
 */
export function vote(
  g: GraphBuilder,
  logits: string,
  { members, classes }: Pick<NetworkShape, 'members' | 'classes'>,
): { labels: string; divergence: string; probabilities: string } {
  const kept = { keepdims: { i: 1 } };
  const t = g.op('Sub', [logits, g.op('ReduceMax', [logits, g.int64(1)], kept)]);
  const exponentials = g.op('Exp', [t]);
  const sum = g.op('ReduceSum', [exponentials, g.int64(1)], kept);
  const weighted = g.op('ReduceSum', [g.op('Mul', [exponentials, t]), g.int64(1)], kept);
  const mean = overMembers(g, g.op('Div', [exponentials, sum]), members, classes, 1 / members);
  const entropies = g.op('Sub', [g.op('Log', [sum]), g.op('Div', [weighted, sum])]);
  const meanOfEntropies = overMembers(g, entropies, members, 1, 1 / members);
  const logMean = g.op('Log', [g.op('Max', [mean, g.scalar(1e-38)])]);
  const minusEntropyOfMean = g.op('ReduceSum', [g.op('Mul', [mean, logMean]), g.int64(1)], kept);
  const divergence = g.op('Relu', [g.op('Neg', [g.op('Add', [minusEntropyOfMean, meanOfEntropies])])]);

  // 1 where t is 0, else 0: one step instead of a comparison and a cast.
  const ballots = g.op('HardSigmoid', [t], { alpha: { f: STEEP }, beta: { f: 1 } });
  const votes = overMembers(g, ballots, members, classes, 1);
  const most = g.op('ReduceMax', [votes, g.int64(1)], kept);
  const tied = g.op('Where', [g.op('Equal', [votes, most]), mean, g.scalar(-1)]);
  const labels = g.op('Cast', [g.op('ArgMax', [tied], { axis: { i: 1 }, keepdims: { i: 0 } })], { to: { i: 2 } });
  const flat = (value: string) => g.op('Reshape', [value, g.int64(-1)]);
  return { labels: flat(labels), divergence: flat(divergence), probabilities: mean };
}

/** Heat of each member [E, K, P] → `heat` [K, P], their mean; `peaks` [E, K], each member's greatest value, and `at` int64 [E, K], its pixel. */
export function meanHeat(
  g: GraphBuilder,
  outputs: string,
  { members, classes }: Pick<NetworkShape, 'members' | 'classes'>,
): { heat: string; peaks: string; at: string } {
  return {
    heat: g.op('Reshape', [overMembers(g, outputs, members, classes, 1 / members), g.int64(classes, -1)]),
    peaks: g.op('ReduceMax', [outputs, g.int64(2)], { keepdims: { i: 0 } }),
    at: g.op('ArgMax', [outputs], { axis: { i: 2 }, keepdims: { i: 0 } }),
  };
}

/** [E, rows, P] → weight times the sum over the members, [1, rows, P]; a product, which is quicker than a reduction of the outer axis. */
function overMembers(g: GraphBuilder, values: string, members: number, rows: number, weight: number): string {
  const weights = g.float32([1, members], new Float32Array(members).fill(weight));
  return g.op('Reshape', [g.op('MatMul', [weights, g.op('Reshape', [values, g.int64(members, -1)])]), g.int64(1, rows, -1)]);
}
