import { MersenneTwister } from './mersenne-twister.ts';

/**
 * The latent z of a seed: numpy's `RandomState(seed).randn(zDim)`, as NVIDIA's tools draw it, in float64.
 * Marsaglia's polar method: x1 = 2u - 1, x2 = 2u' - 1, r² = x1² + x2² in (0, 1), f = √(-2 ln r² / r²); f·x2 comes first, then f·x1.
 *
 * Rounded to float32, which the networks take, it equals numpy's; in float64 the last bit may differ, as logarithms of C libraries do.
 * @param seed 0 … 2^32 - 1
 */
export function latent(seed: number, zDim: number): Float64Array {
  const twister = new MersenneTwister(seed);
  const z = new Float64Array(zDim);
  for (let i = 0; i < zDim; i += 2) {
    const [first, second] = pair(twister);
    z[i] = first;
    if (i + 1 < zDim) z[i + 1] = second;
  }
  return z;
}

function pair(twister: MersenneTwister): [number, number] {
  for (;;) {
    const x1 = 2 * twister.double() - 1;
    const x2 = 2 * twister.double() - 1;
    const square = x1 * x1 + x2 * x2;
    if (square < 1 && square > 0) {
      const f = Math.sqrt((-2 * Math.log(square)) / square);
      return [f * x2, f * x1];
    }
  }
}
