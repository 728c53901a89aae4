import { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Model } from '../../onnx/model.ts';
import { firstLayer, headGraph, headInputs, perMember } from '../ensemble/head-graph.ts';
import type { NetworkShape } from '../network-shape.ts';

/**
 * What the ensemble makes of pixels that went through its projection: the mean of its members' softmax.
 * Inputs: `x` [rows, k], `w1` [k, E·H1], headInputs. Output: `probability` float32 [rows, K].
 */
export function probabilityGraph(shape: NetworkShape): Model {
  const g = new GraphBuilder('probability');
  const head = headInputs(g, shape);
  const x = g.input('x', 'float32', ['rows', shape.dims]);
  const w1 = g.input('w1', 'float32', [shape.dims, shape.members * shape.hidden[0]]);
  const logits = headGraph(g, firstLayer(g, x, perMember(g, w1, shape.members, 1), head), shape, head);
  const softmax = g.op('Softmax', [g.op('Transpose', [logits], { perm: { ints: [0, 2, 1] } })], { axis: { i: 2 } });
  const mean = g.op('ReduceMean', [softmax, g.int64(0)], { keepdims: { i: 0 } });
  g.output(mean, 'float32', ['rows', shape.classes], 'probability');
  return g.model();
}
