import { onnx } from 'onnx-proto';
import { expect, test } from 'vitest';
import { encodeModel } from '../../../../src/onnx/encode.ts';
import { stylegan2Graphs } from '../../../../src/stylegan/graph/stylegan2.ts';
import type { FloatTensor } from '../../../../src/stylegan/tensor-map.ts';
import { TINY_SETTINGS, tinyStylegan2 } from '../../../support/tiny-stylegan2.ts';

test('what the tensors say of the network', () => {
  const graphs = stylegan2Graphs(tinyStylegan2({ classes: 3 }), TINY_SETTINGS);
  expect(graphs).toMatchObject({ family: 'stylegan2', resolution: 16, zDim: 5, cDim: 3, wDim: 6, numWs: 6, epsilon: 1e-8 });
  expect(graphs.tapSets.default).toEqual([
    { name: 'b4.conv1', channels: 4, resolution: 4 },
    { name: 'b8.conv0', channels: 3, resolution: 8 },
    { name: 'b8.conv1', channels: 3, resolution: 8 },
    { name: 'b16.conv0', channels: 2, resolution: 16 },
    { name: 'b16.conv1', channels: 2, resolution: 16 },
  ]);
  expect(graphs.synthesis.graph.outputs.map(({ name, shape }) => [name, shape])).toEqual([
    ['tap.const', ['N', 4, 4, 4]],
    ['tap.b4.conv1', ['N', 4, 4, 4]],
    ['tap.b4.torgb', ['N', 3, 4, 4]],
    ['tap.b8.conv0', ['N', 3, 8, 8]],
    ['tap.b8.conv1', ['N', 3, 8, 8]],
    ['tap.b8.torgb', ['N', 3, 8, 8]],
    ['tap.b16.conv0', ['N', 2, 16, 16]],
    ['tap.b16.conv1', ['N', 2, 16, 16]],
    ['tap.b16.torgb', ['N', 3, 16, 16]],
    ['image', ['N', 3, 16, 16]],
  ]);
  expect(graphs.mapping.graph.inputs).toEqual([
    { name: 'z', type: 'float32', shape: ['N', 5] },
    { name: 'c', type: 'float32', shape: ['N', 3] },
    { name: 'psi', type: 'float32', shape: [6] },
  ]);
});

test('onnx-proto reads the same graphs, with pads and kernels spelled out', () => {
  const { mapping, synthesis } = stylegan2Graphs(tinyStylegan2({ noise: true }), TINY_SETTINGS);
  for (const model of [mapping, synthesis]) {
    const read = onnx.ModelProto.decode(encodeModel(model));
    expect(onnx.ModelProto.verify(read)).toBeNull();
    expect(read.graph?.node?.map(({ opType }) => opType)).toEqual(model.graph.nodes.map(({ op }) => op));
    const names = read.graph?.node?.flatMap(({ output }) => output ?? []) ?? [];
    expect(new Set(names).size).toBe(names.length);
    for (const node of read.graph?.node ?? []) {
      if (!node.opType?.startsWith('Conv')) continue;
      expect(node.attribute?.map(({ name }) => name)).toEqual(expect.arrayContaining(['kernel_shape', 'strides', 'pads']));
    }
  }
  // 4 + 2 · 3 synthesis layers of which 2 double the side, 3 toRGB, and the image is doubled twice.
  const count = (op: string) => synthesis.graph.nodes.filter((node) => node.op === op).length;
  expect([count('Conv'), count('ConvTranspose'), count('LeakyRelu')]).toEqual([3 + 2 + 3, 2 + 2, 5]);
});

test('a layer without noise tensors has no noise, a network without clamp is not clipped', () => {
  const ops = (noise: boolean, convClamp: number | null) =>
    stylegan2Graphs(tinyStylegan2({ noise }), { ...TINY_SETTINGS, convClamp }).synthesis.graph.nodes.map(({ op }) => op);
  const count = (list: string[], op: string) => list.filter((other) => other === op).length;
  expect(count(ops(true, null), 'Add') - count(ops(false, null), 'Add')).toBe(5);
  expect(count(ops(false, null), 'Clip')).toBe(0);
  expect(count(ops(false, 256), 'Clip')).toBe(8);
});

const tensor = (dims: number[], value = 0): FloatTensor => ({
  dims,
  data: new Float32Array(dims.reduce((product, size) => product * size, 1)).fill(value),
});

test.each<[string, (tensors: Map<string, FloatTensor>) => void]>([
  ["'synthesis.b8.conv0.weight' is missing", (t) => t.delete('synthesis.b8.conv0.weight')],
  ["'synthesis.b16.torgb.bias' is missing", (t) => t.delete('synthesis.b16.torgb.bias')],
  ["'mapping.w_avg' is missing", (t) => t.delete('mapping.w_avg')],
  ["'mapping.fc0.weight' is missing", (t) => t.delete('mapping.fc0.weight')],
  [
    "'synthesis.b8.conv0.weight' is [3,4,1,1], expected [?,4,3,3]",
    (t) => t.set('synthesis.b8.conv0.weight', tensor([3, 4, 1, 1])),
  ],
  [
    "'synthesis.b8.conv1.weight' is [3,4,3,3], expected [?,3,3,3]",
    (t) => t.set('synthesis.b8.conv1.weight', tensor([3, 4, 3, 3])),
  ],
  [
    "'synthesis.b4.conv1.affine.weight' is [4,7], expected [4,6]",
    (t) => t.set('synthesis.b4.conv1.affine.weight', tensor([4, 7])),
  ],
  ["'synthesis.b4.const' is [4,8,8], expected [?,4,4]", (t) => t.set('synthesis.b4.const', tensor([4, 8, 8]))],
  [
    "'synthesis.b8.conv1' changes the number of channels",
    (t) => {
      t.set('synthesis.b8.conv1.weight', tensor([5, 3, 3, 3]));
      t.set('synthesis.b8.conv1.bias', tensor([5]));
    },
  ],
  ["'mapping.fc1.bias' has a value that is not finite", (t) => t.set('mapping.fc1.bias', tensor([6], Number.NaN))],
  [
    'gives 5 numbers, but w_avg has 6',
    (t) => {
      t.set('mapping.fc1.weight', tensor([5, 6]));
      t.set('mapping.fc1.bias', tensor([5]));
    },
  ],
  ["'synthesis.b8.conv1.noise_strength' is missing", (t) => t.set('synthesis.b8.conv1.noise_const', tensor([8, 8]))],
  ['these tensors are unknown: synthesis.b8.attention.weight', (t) => t.set('synthesis.b8.attention.weight', tensor([1]))],
  ['these tensors are unknown: synthesis.b8.skip.weight', (t) => t.set('synthesis.b8.skip.weight', tensor([3, 4, 1, 1]))],
  ['these tensors are unknown: synthesis.b4.torgb.bias', (t) => t.delete('synthesis.b4.torgb.weight')],
  ['its largest resolution is 24', (t) => t.set('synthesis.b24.conv0.weight', tensor([1]))],
  ["'synthesis.b32.conv0.weight' is missing", (t) => t.set('synthesis.b32.torgb.weight', tensor([3, 2, 1, 1]))],
  ['its largest resolution is 0', (t) => t.clear()],
])('refused: %s', (message, spoil) => {
  const tensors = tinyStylegan2();
  spoil(tensors);
  expect(() => stylegan2Graphs(tensors, TINY_SETTINGS)).toThrow(
    expect.objectContaining({ code: 'bad-generator', message: expect.stringContaining(message), fix: expect.any(String) }),
  );
});

test('a resampling filter that cannot be is refused', () => {
  for (const resampleFilter of [[], [1, -1], [1, Number.NaN], [[1, 2], [3]], [[]], new Array<number>(65).fill(1)])
    expect(() => stylegan2Graphs(tinyStylegan2(), { ...TINY_SETTINGS, resampleFilter })).toThrow('resampling filter');
});
