import { expect, test } from 'vitest';
import { convertCheckpoint } from '../../../../src/stylegan/convert/convert-checkpoint.ts';
import type { FloatTensor } from '../../../../src/stylegan/tensor-map.ts';
import { rosinalityState } from '../../../support/checkpoint-writers/stylegan2-files.ts';
import { TINY_SETTINGS, tinyStylegan2 } from '../../../support/tiny-stylegan2.ts';

const tiny = tinyStylegan2({ noise: true });
const SIZE = 1e6;

/** The state dict of a network whose constant is `mark` all over. */
function state(prefix = '', mark = 0): Map<string, FloatTensor> {
  const tensors = rosinalityState(tiny, TINY_SETTINGS, prefix);
  const constant = tensors.get(`${prefix}input.input`)!;
  return tensors.set(`${prefix}input.input`, { ...constant, data: constant.data.map(() => mark) });
}
const average = (value: number): FloatTensor => ({ dims: [6], data: new Float32Array(6).fill(value) });
const convert = (content: Map<string, unknown>) => convertCheckpoint(content, SIZE).tensors;
const markOf = (content: Map<string, unknown>) => convert(content).get('synthesis.b4.const')!.data[0];

test.each<[string, Map<string, unknown>]>([
  ['bare', state()],
  ['g_ema', new Map([['g_ema', state()]])],
  ['names begin with g_ema.', state('g_ema.')],
  ['names begin with g_ema. in a state_dict', new Map([['state_dict', state('g_ema.')]])],
  ['names begin with module.g_ema.', state('module.g_ema.')],
  ['generator', new Map([['generator', state()]])],
  ['names begin with module. in generator', new Map([['generator', state('module.')]])],
  ['two dicts deep', new Map([['model', new Map([['netG', state()]])]])],
  ['beside other networks', new Map([...state('g_ema.'), ['encoder.weight', average(1)]])],
])('a state dict is found: %s', (_, content) => {
  expect(convert(content).size).toBe(tiny.size - 1);
});

test('of several the moving average counts', () => {
  expect(markOf(new Map([...state('generator_a.', 1), ...state('generator_a_ema.', 2)]))).toBe(2);
  expect(
    markOf(
      new Map([
        ['netG', state('', 1)],
        ['netG_avg', state('', 2)],
      ]),
    ),
  ).toBe(2);
});

test('well-known places go before others', () => {
  expect(
    markOf(
      new Map<string, unknown>([
        ['state_dict', state('', 1)],
        ['g_ema', state('', 2)],
      ]),
    ),
  ).toBe(2);
  expect(markOf(new Map([...state('decoder.', 1), ...state('g_ema.', 2)]))).toBe(1);
});

test('several that are as good are named', () => {
  const content = new Map([
    ['netG_A', state()],
    ['netG_B', state()],
  ]);
  expect(() => convert(content)).toThrow('The file contains several generators: netG_A, netG_B.');
});

test('the generator in training is not taken for its average', () => {
  const content = new Map<string, unknown>([
    ['g', state()],
    ['d', new Map([['convs.0.0.weight', average(1)]])],
  ]);
  expect(() => convert(content)).toThrow(/without the moving average/);
});

test('the mean of w beside the state dict, or within it', () => {
  const meanOf = (content: Map<string, unknown>) => convert(content).get('mapping.w_avg')?.data[0];
  expect(
    meanOf(
      new Map<string, unknown>([
        ['g_ema', state()],
        ['latent_avg', average(1)],
      ]),
    ),
  ).toBe(1);
  expect(meanOf(new Map([['generator', new Map([...state(), ['latent_avg', average(2)]])]]))).toBe(2);
  expect(meanOf(new Map([...state('g_ema.'), ['g_ema.latent_avg', average(3)]]))).toBe(3);
  expect(meanOf(state())).toBeUndefined();
});

test('what was found instead is named, one level down', () => {
  const content = new Map<string, unknown>([
    ['model', new Map(['a', 'b', 'c', 'd'].map((name) => [`enc.${name}`, average(1)]))],
    ['epoch', 3],
  ]);
  expect(() => convert(content)).toThrow('The file contains no generator, but model (enc.a, enc.b, enc.c, …), epoch.');
});
