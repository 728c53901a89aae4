import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { encodeModel } from '../../../src/onnx/encode.ts';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import { findBackbone, listBackbones, readBackboneFile } from '../../../src/photos/backbone.ts';
import { importBackbone } from '../../../src/photos/import-backbone.ts';
import { testContext } from '../interpreter/support/test-context.ts';

const folder = mkdtempSync(join(tmpdir(), 'datasetgan-backbones-'));
const context = testContext();
afterAll(async () => {
  await context.close();
  rmSync(folder, { recursive: true, force: true });
});

let root = '';
let number = 0;
beforeEach(() => {
  root = join(folder, String(number++));
});

type Size = number | string;

/** A convolution of stride 4, and one of stride 8 after it, which is the only declared output. */
function convolutional(height: Size = 'h', width: Size = 'w', channels = 3): Uint8Array {
  const g = new GraphBuilder('main');
  const x = g.input('pixel_values', 'float32', [1, channels, height, width]);
  const conv = (input: string, inputs: number, outputs: number, stride: number, name: string) =>
    g.op(
      'Conv',
      [input, g.float32([outputs, inputs, stride, stride], new Float32Array(outputs * inputs * stride ** 2).fill(0.01))],
      { strides: { ints: [stride, stride] } },
      name,
    );
  const first = conv(x, channels, 5, 4, 'layer1');
  g.output(conv(first, 5, 7, 2, 'layer2'), 'float32', [1, 7, 'a', 'b']);
  return encodeModel(g.model());
}

/** Patches of 14 px as tokens behind one class token. */
function transformer(): Uint8Array {
  const g = new GraphBuilder('main');
  const x = g.input('pixel_values', 'float32', [1, 3, 56, 56]);
  const weights = g.float32([6, 3, 14, 14], new Float32Array(6 * 3 * 14 * 14).fill(0.01));
  const patches = g.op('Conv', [x, weights], { strides: { ints: [14, 14] } });
  const tokens = g.op('Transpose', [g.op('Reshape', [patches, g.int64(1, 6, 16)])], { perm: { ints: [0, 2, 1] } });
  g.output(
    g.op('Concat', [g.float32([1, 1, 6], new Float32Array(6)), tokens], { axis: { i: 1 } }, 'tokens'),
    'float32',
    [1, 17, 6],
  );
  return encodeModel(g.model());
}

const usual = { mean: [0.485, 0.456, 0.406] as const, std: [0.229, 0.224, 0.225] as const, licence: 'MIT', source: 'a test' };

function imported(bytes: Uint8Array, options: { taps: readonly string[]; size?: number }) {
  const file = join(folder, `${number}.onnx`);
  writeFileSync(file, bytes);
  return importBackbone({ root, file, name: 'mine', ...usual, ...options }, context);
}

test('maps of a convolutional network of any size, one of them inside the graph', async () => {
  const { card } = await imported(convolutional(), { taps: ['layer1', 'layer2'], size: 64 });
  expect(card).toMatchObject({
    input: { name: 'pixel_values', size: 64, step: 8, mean: usual.mean, std: usual.std },
    taps: [
      { name: 'layer1', channels: 5, stride: 4, leadingTokens: null },
      { name: 'layer2', channels: 7, stride: 8, leadingTokens: null },
    ],
    licence: 'MIT',
  });
  const backbone = await findBackbone(root, 'mine');
  expect(backbone.card).toEqual(card);
  expect((await readBackboneFile(backbone)).length).toBeGreaterThan(100);
});

test('tokens of a vision transformer of one size', async () => {
  const { card } = await imported(transformer(), { taps: ['tokens'] });
  expect(card.input).toMatchObject({ size: 56, step: null });
  expect(card.taps).toEqual([{ name: 'tokens', channels: 6, stride: 14, leadingTokens: 1 }]);
});

test.each([
  ['no ONNX file', new TextEncoder().encode('not a model'), { taps: ['x'] }, 'not an ONNX model', 'torch.onnx.export'],
  ['a tap that is not there', convolutional(), { taps: ['layer3'], size: 64 }, "no value 'layer3'", 'layer2'],
  ['no size where the file has none', convolutional(), { taps: ['layer1'] }, 'any size', '--size'],
  ['another size than the file has', transformer(), { taps: ['tokens'], size: 64 }, 'takes 56 px, not 64', '--size'],
  ['one channel', convolutional('h', 'w', 1), { taps: ['layer1'], size: 64 }, 'is not a picture', '[1, 3, height, width]'],
  ['pictures that are not square', convolutional(32, 64), { taps: ['layer1'] }, '64 x 32', 'square'],
])('%s is refused, with what is missing', async (_, bytes, options, message, fix) => {
  await expect(imported(bytes, options)).rejects.toMatchObject({
    code: 'bad-backbone',
    message: expect.stringContaining(message),
    fix: expect.stringContaining(fix),
  });
  expect((await listBackbones(root)).backbones).toEqual([]);
});

test('a name that is taken, and a file that was altered', async () => {
  const backbone = await imported(transformer(), { taps: ['tokens'] });
  await expect(imported(transformer(), { taps: ['tokens'] })).rejects.toMatchObject({ code: 'bad-request' });
  writeFileSync(join(backbone.folder, 'backbone.onnx'), 'altered');
  await expect(readBackboneFile(backbone)).rejects.toMatchObject({ code: 'corrupt-file' });
  writeFileSync(join(backbone.folder, 'backbone.json'), JSON.stringify({ ...backbone.card, licence: '' }));
  const { problems } = await listBackbones(root);
  expect(problems).toMatchObject([{ error: { code: 'bad-backbone', message: expect.stringContaining('licence') } }]);
});
