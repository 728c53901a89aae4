import { expect, test } from 'vitest';
import { type GeneratorIdentity, generatorId, networkHash } from '../../../src/stylegan/generator-id.ts';
import type { FloatTensor } from '../../../src/stylegan/tensor-map.ts';

const identity: GeneratorIdentity = {
  family: 'stylegan2',
  networkSha256: 'a'.repeat(64),
  epsilon: 1e-8,
  settings: { lrMultiplier: 0.01, convClamp: null },
  taps: [{ name: 'b4.conv1' }, { name: 'b8.conv0' }],
  rows: { from: 0, to: 8 },
  labelSize: { width: 8, height: 8 },
};

test('the id is the sha256 of a fixed text', () => {
  // python3: hashlib.sha256(json.dumps([...], separators=(',', ':')).encode()).hexdigest()
  expect(generatorId(identity)).toBe('0e5da62a95cf6a91483cfb79c8341c2c4458edec8d197f85f8a9cb1224be0f51');
});

test('every part of the identity counts, and the order of taps; the order of settings does not', () => {
  const variants: Partial<GeneratorIdentity>[] = [
    {},
    { family: 'stylegan1' },
    { networkSha256: 'b'.repeat(64) },
    { epsilon: 1e-5 },
    { settings: { lrMultiplier: 0.01, convClamp: 256 } },
    { taps: [{ name: 'b8.conv0' }, { name: 'b4.conv1' }] },
    { rows: { from: 2, to: 6 } },
    { labelSize: { width: 4, height: 4 } },
  ];
  expect(new Set(variants.map((variant) => generatorId({ ...identity, ...variant }))).size).toBe(variants.length);
  expect(generatorId({ ...identity, settings: { convClamp: null, lrMultiplier: 0.01 } })).toBe(generatorId(identity));
});

test('name, licence and the psi default do not count', () => {
  const described = { ...identity, name: 'other', licence: 'MIT', psi: 0.5 };
  expect(generatorId(described)).toBe(generatorId(identity));
});

test('the network hash takes names, dims and data, whatever the order', () => {
  const tensor = (dims: number[], ...values: number[]): FloatTensor => ({ dims, data: Float32Array.from(values) });
  const a: [string, FloatTensor] = ['a', tensor([2, 1], 1, 2)];
  const b: [string, FloatTensor] = ['b', tensor([], 3)];
  const hash = networkHash(new Map([a, b]));
  expect(networkHash(new Map([b, a]))).toBe(hash);
  expect(networkHash(new Map([['c', a[1]], b]))).not.toBe(hash);
  expect(networkHash(new Map([['a', tensor([1, 2], 1, 2)], b]))).not.toBe(hash);
  expect(networkHash(new Map([['a', tensor([2, 1], 1, 2.5)], b]))).not.toBe(hash);
  // python3: sha256(b'["a",[2,1]]' + struct.pack('<2f', 1, 2) + b'["b",[]]' + struct.pack('<f', 3))
  expect(hash).toBe('c41b6517381dc10bac51fe87d0f336af503145d9d1940629f69a374662a3a71c');
});
