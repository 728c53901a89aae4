import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { latent } from '../../../src/stylegan/latent.ts';
import { MersenneTwister } from '../../../src/stylegan/mersenne-twister.ts';
import { golden } from '../../support/golden.ts';

// numpy 2.4: RandomState(seed)._bit_generator.random_raw(3); .random_sample(1000)[[0, 1, 500, 999]]; .randn(512)[[0, 1, 2, 510, 511]]
const NUMPY = [
  {
    seed: 0,
    raw: [2357136044, 2546248239, 3071714933],
    uniform: [0.5488135039273248, 0.7151893663724195, 0.3103808259798114, 0.6771411441114241],
    normal: [1.764052345967664, 0.4001572083672233, 0.9787379841057392, 0.8952602728899299, 1.3749640663929898],
  },
  {
    seed: 85,
    raw: [2664485226, 3865605280, 2185936781],
    uniform: [0.620373814553256, 0.508953068645407, 0.22438055783908173, 0.9122088629102698],
    normal: [0.1768507210788626, 2.3777541249700573, 0.998732857053734, 1.0266740775203607, 0.8217957110292099],
  },
  {
    seed: 600,
    raw: [139016388, 583773387, 2329631755],
    uniform: [0.03236727517783888, 0.5424096630692735, 0.3491417516126357, 0.1389395453903436],
    normal: [0.04527855593816062, -0.4992667462316012, -1.271601955752985, 2.2437007196480008, 0.4417074835941578],
  },
  {
    seed: 2 ** 32 - 1,
    raw: [419326371, 479346978, 3918654476],
    uniform: [0.0976320289940138, 0.9123828453026218, 0.38678021326939915, 0.556626859384112],
    normal: [0.6484086742306527, 0.6693235306338161, -1.0805437227474493, -0.03243661465360325, -0.16334506047141822],
  },
];

test.each(NUMPY)('seed $seed draws the bits and uniform numbers of numpy', ({ seed, raw, uniform }) => {
  const bits = new MersenneTwister(seed);
  expect(raw.map(() => bits.uint32())).toEqual(raw);
  const doubles = new MersenneTwister(seed);
  const drawn = Array.from({ length: 1000 }, () => doubles.double());
  expect([0, 1, 500, 999].map((i) => drawn[i])).toEqual(uniform);
});

test.each(NUMPY)('seed $seed draws the normal numbers of numpy', ({ seed, normal }) => {
  const z = latent(seed, 512);
  for (const [i, at] of [0, 1, 2, 510, 511].entries()) {
    expect(Math.fround(z[at]!)).toBe(Math.fround(normal[i]!));
    expect(Math.abs(z[at]! - normal[i]!)).toBeLessThanOrEqual(1e-15);
  }
});

test('2,000 latents of 36 numbers are numpy’s to the bit in float32', () => {
  const hash = createHash('sha256');
  for (let seed = 0; seed < 2000; seed++) hash.update(new Uint8Array(Float32Array.from(latent(seed, 36)).buffer));
  expect(hash.digest('hex')).toBe('045107719a192ba0cfc8e27b31c3eedfb4f7054139ab5194e9886f42bf142497');
});

test('the latents that the bundled generator was made with', () => {
  expect([...Float32Array.from(latent(0, 36)), ...Float32Array.from(latent(1, 36))]).toEqual([...golden('z').data]);
});

test('an odd length is the beginning of a longer one', () => {
  expect([...latent(5, 7)]).toEqual([...latent(5, 8).subarray(0, 7)]);
});
