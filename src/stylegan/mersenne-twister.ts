const SIZE = 624;
const SHIFT = 397;

/**
 * MT19937 (Matsumoto and Nishimura, 1998), seeded by one 32-bit number as numpy's `RandomState(seed)`:
 * mt[0] = seed, mt[i] = 1812433253 (mt[i-1] xor (mt[i-1] >> 30)) + i, modulo 2^32.
 */
export class MersenneTwister {
  readonly #state = new Uint32Array(SIZE);
  #position = SIZE;

  /** @param seed 0 … 2^32 - 1 */
  constructor(seed: number) {
    const state = this.#state;
    state[0] = seed;
    for (let i = 1; i < SIZE; i++) state[i] = Math.imul(1812433253, state[i - 1]! ^ (state[i - 1]! >>> 30)) + i;
  }

  /** Uniform over 0 … 2^32 - 1. */
  uint32(): number {
    if (this.#position === SIZE) this.#twist();
    let y = this.#state[this.#position++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c_5680;
    y ^= (y << 15) & 0xefc6_0000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** Uniform over [0, 1) with 53 random bits. */
  double(): number {
    const high = this.uint32() >>> 5;
    return (high * 2 ** 26 + (this.uint32() >>> 6)) / 2 ** 53;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < SIZE; i++) {
      const y = (state[i]! & 0x8000_0000) | (state[(i + 1) % SIZE]! & 0x7fff_ffff);
      state[i] = state[(i + SHIFT) % SIZE]! ^ (y >>> 1) ^ ((y & 1) * 0x9908_b0df);
    }
    this.#position = 0;
  }
}
