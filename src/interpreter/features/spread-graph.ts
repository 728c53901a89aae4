import { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Model } from '../../onnx/model.ts';

/** ONNX's name for double precision. */
const DOUBLE = { to: { i: 11 } };
const SINGLE = { to: { i: 1 } };

/**
 * What a block of pixels adds to the products that principalDirections asks for, in double precision. With X = (x - mean)·scale and Y = X·qᵀ:
 * Inputs: `x` [m, D], `mean` [1, D], `scale` [1, D], `q` [k, D]. Outputs: `rows` [k, D] = Yᵀ·X and `inner` [k, k] = Yᵀ·Y.
 */
export function spreadGraph(dims: number): Model {
  const g = new GraphBuilder('spread');
  const double = (value: string) => g.op('Cast', [value], DOUBLE);
  const x = double(g.input('x', 'float32', ['m', dims]));
  const mean = double(g.input('mean', 'float32', [1, dims]));
  const scale = double(g.input('scale', 'float32', [1, dims]));
  const q = double(g.input('q', 'float32', ['k', dims]));
  const transposed = (value: string) => g.op('Transpose', [value], { perm: { ints: [1, 0] } });
  const features = g.op('Mul', [g.op('Sub', [x, mean]), scale]);
  const y = g.op('MatMul', [features, transposed(q)]);
  const turned = transposed(y);
  g.output(g.op('Cast', [g.op('MatMul', [turned, features])], SINGLE), 'float32', ['k', dims], 'rows');
  g.output(g.op('Cast', [g.op('MatMul', [turned, y])], SINGLE), 'float32', ['k', 'k'], 'inner');
  return g.model();
}
