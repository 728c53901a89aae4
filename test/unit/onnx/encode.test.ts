import { onnx } from 'onnx-proto';
import { expect, test } from 'vitest';
import { decodeModel } from '../../../src/onnx/decode.ts';
import { encodeModel } from '../../../src/onnx/encode.ts';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';

function sample() {
  const g = new GraphBuilder('main');
  const x = g.input('x', 'float32', ['N', 3]);
  const body = g.subgraph('body');
  body.input('i', 'int64', []);
  body.input('go', 'bool', []);
  body.input('state', 'float32', [3]);
  body.output(body.op('Identity', ['go']), 'bool', []);
  body.output(body.op('Add', ['state', g.float32([3], [1, -2, 3.5], 'step')]), 'float32', [3]);
  const [state] = g.ops(
    'Loop',
    [g.constant({ type: 'int64', dims: [], data: BigInt64Array.of(4n) }), '', g.float32([3], [0, 0, 0])],
    1,
    { body: { g: body.graph() } },
  );
  const y = g.op('Add', [x, state!]);
  const mean = g.op('ReduceMean', [y, g.int64(-1)], { keepdims: { i: 0 } });
  const leaky = g.op('LeakyRelu', [mean], { alpha: { f: 0.25 } });
  g.op('Reshape', [leaky, g.int64(-1)], {});
  g.output(leaky, 'float32', ['N'], 'out');
  return g.model({ licence: 'none' });
}

test('onnx-proto reads the same model back', () => {
  const model = sample();
  const read = onnx.ModelProto.decode(encodeModel(model));
  expect(onnx.ModelProto.verify(read)).toBeNull();
  expect(read.graph?.node?.map((n) => n.opType)).toEqual(model.graph.nodes.map((n) => n.op));
  const loop = read.graph?.node?.find((n) => n.opType === 'Loop');
  expect(loop?.attribute?.[0]?.g?.node?.map((n) => n.opType)).toEqual(['Identity', 'Add']);
  const step = read.graph?.initializer?.find((t) => t.name === 'step');
  expect([...new Float32Array(Uint8Array.from(step?.rawData ?? []).buffer)]).toEqual([1, -2, 3.5]);
  expect(read.graph?.input?.[0]?.type?.tensorType?.shape?.dim?.map((d) => d.dimParam || Number(d.dimValue))).toEqual(['N', 3]);
  expect(read.metadataProps).toMatchObject([{ key: 'licence', value: 'none' }]);
  expect(Number(read.opsetImport?.[0]?.version)).toBe(18);
});

test('decodeModel is the inverse of encodeModel', () => {
  const model = sample();
  const bytes = encodeModel(model);
  expect(decodeModel(bytes)).toEqual(model);
  expect(encodeModel(decodeModel(bytes))).toEqual(bytes);
});

test('a truncated file is a RangeError', () => {
  const bytes = encodeModel(sample());
  expect(() => decodeModel(bytes.subarray(0, bytes.length - 5))).toThrow(RangeError);
});

test('a tensor whose data do not fit its dims is refused', () => {
  const g = new GraphBuilder('bad');
  g.float32([2, 2], [1, 2, 3]);
  expect(() => encodeModel(g.model())).toThrow('3 elements for dims [2,2]');
});
