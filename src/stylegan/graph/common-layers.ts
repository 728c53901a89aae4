import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { FloatTensor } from '../tensor-map.ts';
import type { Dense } from './mapping.ts';
import { scaled } from './weights.ts';

/** The learned constant [C, 4, 4], once for every image; its result is the value `name`. */
export function constantOf(g: GraphBuilder, ws: string, { dims, data }: FloatTensor, name: string): string {
  const images = g.op('Shape', [ws], { start: { i: 0 }, end: { i: 1 } });
  const shape = g.op('Concat', [images, g.int64(1, 1, 1)], { axis: { i: 0 } });
  return g.op('Expand', [g.float32([1, ...dims], data), shape], {}, name);
}

/** affine(ws[index]) · gain, [N, out]; the weights are divided by √w when used. */
export function styleVector(g: GraphBuilder, ws: string, index: number, { weight, bias }: Dense, gain: number): string {
  const at = g.constant({ type: 'int64', dims: [], data: BigInt64Array.of(BigInt(index)) });
  const w = g.op('Gather', [ws, at], { axis: { i: 1 } });
  const values = g.float32(weight.dims, scaled(weight.data, gain / Math.sqrt(weight.dims[1]!)));
  return g.op('Gemm', [w, values, g.float32(bias.dims, scaled(bias.data, gain))], { transB: { i: 1 } });
}
