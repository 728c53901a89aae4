import { onnx } from 'onnx-proto';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { encodeModel } from '../../../src/onnx/encode.ts';
import { computedValues, withOutputs } from '../../../src/onnx/exposed-values.ts';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';

function file(): Uint8Array {
  const g = new GraphBuilder('main');
  const x = g.input('x', 'float32', ['n']);
  const twice = g.op('Add', [x, x], {}, 'twice');
  g.output(g.op('Mul', [twice, g.scalar(10)], {}, 'last'), 'float32', ['n']);
  return encodeModel(g.model({ note: 'kept' }));
}

test('the values of a graph are named, and which of them are outputs', () => {
  expect(computedValues(file())).toEqual({ values: ['twice', 'last'], outputs: ['last'] });
});

test('a value inside the graph becomes an output, and nothing else changes', async () => {
  const exposed = withOutputs(file(), ['twice', 'last']);
  const read = onnx.ModelProto.decode(exposed);
  expect(read.graph?.output?.map(({ name }) => name)).toEqual(['last', 'twice']);
  expect(read.metadataProps).toMatchObject([{ key: 'note', value: 'kept' }]);
  const session = await InferenceSession.create(exposed);
  const { twice, last } = await session.run({ x: new Tensor('float32', Float32Array.of(1, 2), [2]) });
  expect([...(twice!.data as Float32Array), ...(last!.data as Float32Array)]).toEqual([2, 4, 20, 40]);
  await session.release();
});

test('a file whose outputs are all asked for stays as it is', () => {
  const bytes = file();
  expect(withOutputs(bytes, ['last'])).toBe(bytes);
});

test.each([
  ['nothing', new Uint8Array(0)],
  ['a text', new TextEncoder().encode('not a model at all')],
  ['half a model', file().subarray(0, 40)],
])('%s is a RangeError', (_, bytes) => {
  expect(() => computedValues(bytes)).toThrow(RangeError);
});
