/**
 * Every random number of the interpreter, from one counter-based generator: Philox4x32-10 (Salmon et al. 2011, "Parallel Random Numbers:
 * As Easy as 1, 2, 3"). A stream is named by (version seed, purpose, member, step), so that any draw can be repeated without those before it:
 * a training resumed at step 400 draws what an unbroken one draws there.
 */
export type Purpose = 'pixels' | 'weights' | 'batches' | 'resample' | 'folds' | 'basis' | 'keypoints' | 'augment';

const PURPOSE_CODES: Readonly<Record<Purpose, number>> = {
  pixels: 1,
  weights: 2,
  batches: 3,
  resample: 4,
  folds: 5,
  basis: 6,
  keypoints: 7,
  augment: 8,
};

export class Random {
  readonly #counter: Uint32Array;
  readonly #key: readonly [number, number];
  readonly #block = new Uint32Array(4);
  #used = 4;
  #spare: number | undefined;

  /** seed: integer, 0 … 2^53-1; member and step: integers, 0 … 2^32-1. */
  constructor(seed: number, purpose: Purpose, member = 0, step = 0) {
    this.#key = [seed >>> 0, (Math.floor(seed / 2 ** 32) ^ (PURPOSE_CODES[purpose] << 24)) >>> 0];
    this.#counter = Uint32Array.of(0, 0, step, member);
  }

  /** 32 random bits. */
  bits(): number {
    if (this.#used === 4) {
      philox(this.#counter, this.#key, this.#block);
      this.#counter[0]!++;
      if (this.#counter[0] === 0) this.#counter[1]!++;
      this.#used = 0;
    }
    return this.#block[this.#used++]!;
  }

  /** In [0, 1), a multiple of 2^-32. */
  uniform(): number {
    return this.bits() / 2 ** 32;
  }

  /** An integer in [0, n), n ≤ 2^32: floor(n·uniform). */
  below(n: number): number {
    return Math.floor(n * this.uniform());
  }

  /** N(0, 1) by Box and Muller: √(-2 ln u)·cos(2πv), then the sine of the same pair. */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log((this.bits() + 1) / 2 ** 32));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Poisson(1) by inversion: the least k with Σ_{j≤k} e^-1 / j! > u. */
  poisson(): number {
    let rest = this.uniform() * Math.E;
    let term = 1;
    let k = 0;
    while (rest >= term && k < 20) {
      rest -= term;
      term /= ++k;
    }
    return k;
  }

  /** Puts `values` in a random order (Fisher and Yates) and gives them back. */
  shuffle<T extends { length: number; [index: number]: number }>(values: T): T {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const held = values[i]!;
      values[i] = values[j]!;
      values[j] = held;
    }
    return values;
  }
}

/** One block of four words. counter and out: 4 words, key: 2 words. */
export function philox(counter: Uint32Array, key: readonly [number, number], out: Uint32Array): void {
  let c0 = counter[0]!;
  let c1 = counter[1]!;
  let c2 = counter[2]!;
  let c3 = counter[3]!;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0);
    const low0 = Math.imul(0xd2511f53, c0) >>> 0;
    const high1 = multiplyHigh(0xcd9e8d57, c2);
    const low1 = Math.imul(0xcd9e8d57, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** The upper 32 bits of a·b, from 16-bit halves: every sum stays below 2^53. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + Math.floor((aLow * bLow) / 65536);
  return aHigh * bHigh + Math.floor((aLow * bHigh + middle) / 65536);
}
