import { expect, test } from 'vitest';
import { philox, Random } from '../../../../src/interpreter/learning/random.ts';

const words = (text: string) => Uint32Array.from(text.split(' '), (word) => Number.parseInt(word, 16));

/** Known answers of the Random123 distribution (kat_vectors, philox4x32 10): counter, key, output. */
test.each([
  ['00000000 00000000 00000000 00000000', '00000000 00000000', '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
  ['ffffffff ffffffff ffffffff ffffffff', 'ffffffff ffffffff', '408f276d 41c83b0e a20bc7c6 6d5451fd'],
  ['243f6a88 85a308d3 13198a2e 03707344', 'a4093822 299f31d0', 'd16cfe09 94fdcceb 5001e420 24126ea1'],
])('philox4x32-10 of counter %s and key %s', (counter, key, expected) => {
  const out = new Uint32Array(4);
  const [k0, k1] = words(key);
  philox(words(counter), [k0!, k1!], out);
  expect(out).toEqual(words(expected));
});

const take = (random: Random, count: number) => Array.from({ length: count }, () => random.bits());

test('a stream is repeated by its name, and other names give other streams', () => {
  const first = take(new Random(7, 'batches', 2, 400), 9);
  expect(take(new Random(7, 'batches', 2, 400), 9)).toEqual(first);
  const others = [
    new Random(8, 'batches', 2, 400),
    new Random(7 + 2 ** 32, 'batches', 2, 400),
    new Random(7, 'weights', 2, 400),
    new Random(7, 'batches', 3, 400),
    new Random(7, 'batches', 2, 401),
  ];
  for (const other of others) expect(take(other, 9)).not.toEqual(first);
});

test('uniform, normal and Poisson draws have the moments they should', () => {
  const random = new Random(1, 'weights');
  const moments = (draw: () => number) => {
    const values = Array.from({ length: 40_000 }, draw);
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    return { values, mean, variance: values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length };
  };
  const uniform = moments(() => random.uniform());
  expect(uniform.mean).toBeCloseTo(1 / 2, 2);
  expect(uniform.variance).toBeCloseTo(1 / 12, 2);
  expect(uniform.values.every((v) => v >= 0 && v < 1)).toBe(true);
  const normal = moments(() => random.normal());
  expect(Math.abs(normal.mean)).toBeLessThan(0.02);
  expect(Math.abs(normal.variance - 1)).toBeLessThan(0.03);
  expect(normal.values.filter((v) => Math.abs(v) < 1).length / normal.values.length).toBeCloseTo(0.6827, 2);
  const poisson = moments(() => random.poisson());
  expect(Math.abs(poisson.mean - 1)).toBeLessThan(0.02);
  expect(Math.abs(poisson.variance - 1)).toBeLessThan(0.03);
  expect(poisson.values.filter((v) => v === 0).length / poisson.values.length).toBeCloseTo(Math.exp(-1), 2);
});

test('shuffle keeps the values and moves them', () => {
  const values = Array.from({ length: 100 }, (_, i) => i);
  const shuffled = new Random(3, 'pixels').shuffle([...values]);
  expect(shuffled).not.toEqual(values);
  expect([...shuffled].sort((a, b) => a - b)).toEqual(values);
});
