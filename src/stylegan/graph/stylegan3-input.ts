import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import { styleVector } from './common-layers.ts';
import type { Stylegan3Input, Stylegan3Settings } from './stylegan3-network.ts';
import { scaled } from './weights.ts';

/**
 * The first feature map of StyleGAN3 (Karras et al. 2021, appendix F): waves amp · sin(2π (f · (x, y) + phase)), turned and shifted by the style, mixed by a
 * 1 × 1 convolution. (c, s, a, b) = affine(w)/√(c² + s²); M = [[c, -s, 0], [s, c, 0], [0, 0, 1]] · [[1, 0, -a], [0, 1, -b], [0, 0, 1]] · transform;
 * f ← f · M₂₂,
 * phase ← phase + f · M₂₃; amp = clip(1 - (|f| - bandwidth)/(rate/2 - bandwidth), 0, 1). Points at ((2j + 1)/size - 1) · size/(2 rate).
 */
export function waves(
  g: GraphBuilder,
  ws: string,
  { weight, affine, transform, frequencies, phases }: Stylegan3Input,
  { size, samplingRate, bandwidth }: Stylegan3Settings['input'],
): string {
  const channels = phases.data.length;
  const raw = styleVector(g, ws, 0, affine, 1);
  const slice = (value: string, from: number, to: number, axis: number) =>
    g.op('Slice', [value, g.int64(from), g.int64(to), g.int64(axis)]);
  const turn = slice(raw, 0, 2, 1);
  const length = g.op('Sqrt', [g.op('ReduceSum', [g.op('Mul', [turn, turn]), g.int64(1)], { keepdims: { i: 1 } })]);
  const style = g.op('Div', [raw, length]);
  const [c, s, a, b] = [0, 1, 2, 3].map((i) => slice(style, i, i + 1, 1)) as [string, string, string, string];
  const product = (x: string, y: string) => g.op('Mul', [x, y]);
  const negative = (x: string) => g.op('Neg', [x]);
  // The first two rows of the turn after the shift.
  const rows = [
    c,
    negative(s),
    g.op('Sub', [product(s, b), product(c, a)]),
    s,
    c,
    negative(g.op('Add', [product(s, a), product(c, b)])),
  ];
  const moved = g.op('Reshape', [g.op('Concat', rows, { axis: { i: 1 } }), g.int64(0, 2, 3)]);
  const matrix = g.op('MatMul', [moved, g.float32([3, 3], transform.data)]);
  const all = g.op('MatMul', [g.float32([channels, 2], frequencies.data), matrix]);
  const f = slice(all, 0, 2, 2);
  const phase = g.op('Add', [slice(all, 2, 3, 2), g.float32([channels, 1], phases.data)]);
  const norm = g.op('Sqrt', [g.op('ReduceSum', [g.op('Mul', [f, f]), g.int64(2)], { keepdims: { i: 1 } })]);
  const excess = g.op('Mul', [g.op('Sub', [norm, g.scalar(bandwidth)]), g.scalar(1 / (samplingRate / 2 - bandwidth))]);
  const amplitude = g.op('Clip', [g.op('Sub', [g.scalar(1), excess]), g.scalar(0), g.scalar(1)]);
  const points = new Float32Array(2 * size * size);
  for (let i = 0; i < size * size; i++) {
    points[i] = ((2 * (i % size) + 1) / size - 1) * (size / (2 * samplingRate));
    points[size * size + i] = ((2 * Math.floor(i / size) + 1) / size - 1) * (size / (2 * samplingRate));
  }
  const argument = g.op('Add', [g.op('MatMul', [f, g.float32([2, size * size], points)]), phase]);
  const wave = g.op('Mul', [g.op('Sin', [g.op('Mul', [argument, g.scalar(2 * Math.PI)])]), amplitude]);
  const mixed = g.op('MatMul', [g.float32(weight.dims, scaled(weight.data, 1 / Math.sqrt(channels))), wave]);
  return g.op('Reshape', [mixed, g.int64(0, channels, size, size)]);
}
