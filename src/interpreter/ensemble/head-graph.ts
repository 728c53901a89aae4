import { Tensor } from 'onnxruntime-node';
import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { NetworkShape } from '../network-shape.ts';
import type { Classifier } from './classifier.ts';

/**
 * Declares the inputs of everything after the first layer: `b1` [1, E·H1], `w2` [E, H1, H2], `b2` [E, 1, H2], `w3` [E, H2, K], `b3` [E, 1, K].
 * @param prefix of their names, where a graph has two heads
 */
export function headInputs(g: GraphBuilder, { members, hidden: [h1, h2], classes }: NetworkShape, prefix = ''): void {
  g.input(`${prefix}b1`, 'float32', [1, members * h1]);
  g.input(`${prefix}w2`, 'float32', [members, h1, h2]);
  g.input(`${prefix}b2`, 'float32', [members, 1, h2]);
  g.input(`${prefix}w3`, 'float32', [members, h2, classes]);
  g.input(`${prefix}b3`, 'float32', [members, 1, classes]);
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

/** First-layer sums [P, E·H1], before their ReLU → logits [E, P, K]. */
export function headGraph(g: GraphBuilder, sums: string, { members, hidden: [h1] }: NetworkShape, prefix = ''): string {
  const side = g.op('Reshape', [g.op('Relu', [sums]), g.int64(-1, members, h1)]);
  const byMember = g.op('Transpose', [side], { perm: { ints: [1, 0, 2] } });
  const second = g.op('Relu', [g.op('Add', [g.op('MatMul', [byMember, `${prefix}w2`]), `${prefix}b2`])]);
  return g.op('Add', [g.op('MatMul', [second, `${prefix}w3`]), `${prefix}b3`]);
}

/**
 * logits [E, P, K] → label uint8 [P] and divergence float32 [P], in nats.
 * Vote: majority of the members; ties go to the tied class of largest mean probability, then to the lowest index.
 * Divergence (Jensen-Shannon): H(mean of softmax) - mean of H(softmax), clamped at 0; of the softmax, not of the logits.
 * With t = logit - largest logit and s = Σ exp t, a member's p = exp t / s and H = log s - Σ t·exp t / s: no logarithm per class.
 * Pixels are innermost, so that every step works on long rows.
 */
export function vote(
  g: GraphBuilder,
  logits: string,
  { members, classes }: NetworkShape,
): { labels: string; divergence: string } {
  const kept = { keepdims: { i: 1 } };
  const outside = { keepdims: { i: 0 } };
  const byClass = g.op('Transpose', [logits], { perm: { ints: [0, 2, 1] } });
  const t = g.op('Sub', [byClass, g.op('ReduceMax', [byClass, g.int64(1)], kept)]);
  const exponentials = g.op('Exp', [t]);
  const sum = g.op('ReduceSum', [exponentials, g.int64(1)], kept);
  const weighted = g.op('ReduceSum', [g.op('Mul', [exponentials, t]), g.int64(1)], kept);
  const mean = overMembers(g, g.op('Div', [exponentials, sum]), { members, classes }, 1 / members);
  const entropies = g.op('Sub', [g.op('Log', [sum]), g.op('Div', [weighted, sum])]);
  const meanOfEntropies = g.op('ReduceMean', [entropies, g.int64(0, 1)], outside);
  const logMean = g.op('Log', [g.op('Max', [mean, g.scalar(1e-38)])]);
  const minusEntropyOfMean = g.op('ReduceSum', [g.op('Mul', [mean, logMean]), g.int64(0)], outside);
  const divergence = g.op('Relu', [g.op('Neg', [g.op('Add', [minusEntropyOfMean, meanOfEntropies])])]);

  const choice = g.op('Cast', [g.op('ArgMax', [byClass], { axis: { i: 1 }, keepdims: { i: 1 } })], { to: { i: 6 } });
  const indices = Int32Array.from({ length: classes }, (_, c) => c);
  const ballots = g.op('Equal', [choice, g.constant({ type: 'int32', dims: [1, classes, 1], data: indices })]);
  const votes = overMembers(g, g.op('Cast', [ballots], { to: { i: 1 } }), { members, classes }, 1);
  const most = g.op('ReduceMax', [votes, g.int64(0)], kept);
  const tied = g.op('Where', [g.op('Equal', [votes, most]), mean, g.scalar(-1)]);
  const labels = g.op('Cast', [g.op('ArgMax', [tied], { axis: { i: 0 }, keepdims: { i: 0 } })], { to: { i: 2 } });
  return { labels, divergence };
}

/**
 * Heat of each member [E, P, K] → `heat` [K, P], their mean; `peaks` [E, K], each member's greatest value, and `at` int64 [E, K], its pixel.
 * Pixels are innermost, so that every step works on long rows.
 */
export function meanHeat(
  g: GraphBuilder,
  outputs: string,
  { members, classes }: NetworkShape,
): { heat: string; peaks: string; at: string } {
  const byKeypoint = g.op('Transpose', [outputs], { perm: { ints: [0, 2, 1] } });
  return {
    heat: overMembers(g, byKeypoint, { members, classes }, 1 / members),
    peaks: g.op('ReduceMax', [byKeypoint, g.int64(2)], { keepdims: { i: 0 } }),
    at: g.op('ArgMax', [byKeypoint], { axis: { i: 2 }, keepdims: { i: 0 } }),
  };
}

/** [E, K, P] → weight times the sum over the members, [K, P]; a product, which is quicker than a reduction of the outer axis. */
function overMembers(
  g: GraphBuilder,
  values: string,
  { members, classes }: Pick<NetworkShape, 'members' | 'classes'>,
  weight: number,
): string {
  const weights = g.float32([1, members], new Float32Array(members).fill(weight));
  return g.op('Reshape', [g.op('MatMul', [weights, g.op('Reshape', [values, g.int64(members, -1)])]), g.int64(classes, -1)]);
}
