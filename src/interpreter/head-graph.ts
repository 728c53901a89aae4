import type { GraphBuilder } from '../onnx/graph-builder.ts';
import type { NetworkShape } from './network-shape.ts';

/** Declares the inputs of everything after the first layer: `b1` [1, E·H1], `w2` [E, H1, H2], `b2` [E, 1, H2], `w3` [E, H2, K], `b3` [E, 1, K]. */
export function headInputs(g: GraphBuilder, { members, hidden: [h1, h2], classes }: NetworkShape): void {
  g.input('b1', 'float32', [1, members * h1]);
  g.input('w2', 'float32', [members, h1, h2]);
  g.input('b2', 'float32', [members, 1, h2]);
  g.input('w3', 'float32', [members, h2, classes]);
  g.input('b3', 'float32', [members, 1, classes]);
}

/** First-layer sums [P, E·H1], before their ReLU → logits [E, P, K]. */
export function headGraph(g: GraphBuilder, sums: string, { members, hidden: [h1] }: NetworkShape): string {
  const side = g.op('Reshape', [g.op('Relu', [sums]), g.int64(-1, members, h1)]);
  const byMember = g.op('Transpose', [side], { perm: { ints: [1, 0, 2] } });
  const second = g.op('Relu', [g.op('Add', [g.op('MatMul', [byMember, 'w2']), 'b2'])]);
  return g.op('Add', [g.op('MatMul', [second, 'w3']), 'b3']);
}

/**
 * logits [E, P, K] → label uint8 [P] and divergence float32 [P], in nats.
 * Vote: majority of the members; ties go to the tied class of greatest mean probability, then to the lowest index.
 * Divergence (Jensen-Shannon): H(mean of softmax) - mean of H(softmax), clamped at 0; of the softmax, not of the logits.
 */
export function vote(
  g: GraphBuilder,
  logits: string,
  { members, classes }: NetworkShape,
): { labels: string; divergence: string } {
  const outside = { keepdims: { i: 0 } };
  const turned = g.op('Transpose', [logits], { perm: { ints: [0, 2, 1] } });
  const logP = g.op('LogSoftmax', [turned], { axis: { i: 1 } });
  const p = g.op('Exp', [logP]);
  const mean = g.op('ReduceMean', [p, g.int64(0)], outside);
  const memberEntropy = g.op('Neg', [g.op('ReduceSum', [g.op('Mul', [p, logP]), g.int64(0, 1)], outside)]);
  const logMean = g.op('Log', [g.op('Max', [mean, g.scalar(1e-38)])]);
  const meanEntropy = g.op('Neg', [g.op('ReduceSum', [g.op('Mul', [mean, logMean]), g.int64(0)], outside)]);
  const raw = g.op('Sub', [meanEntropy, g.op('Div', [memberEntropy, g.scalar(members)])]);
  const divergence = g.op('Relu', [raw]);

  const choice = g.op('ArgMax', [turned], { axis: { i: 1 }, keepdims: { i: 1 } });
  const index = g.constant({
    type: 'int64',
    dims: [1, classes, 1],
    data: BigInt64Array.from({ length: classes }, (_, c) => BigInt(c)),
  });
  const ballots = g.op('Cast', [g.op('Equal', [choice, index])], { to: { i: 1 } });
  const votes = g.op('ReduceSum', [ballots, g.int64(0)], outside);
  const most = g.op('ReduceMax', [votes, g.int64(0)], { keepdims: { i: 1 } });
  const tied = g.op('Where', [g.op('Equal', [votes, most]), mean, g.scalar(-1)]);
  const labels = g.op('Cast', [g.op('ArgMax', [tied], { axis: { i: 0 }, keepdims: { i: 0 } })], { to: { i: 2 } });
  return { labels, divergence };
}
