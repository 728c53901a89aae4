import type { SeedSpan } from './free-seeds.ts';

/** A set of seeds of one run, one bit each: ten million take 1.3 MB. */
export class SeedSet {
  readonly #first: number;
  readonly #bits: Uint8Array;

  constructor({ first, last }: SeedSpan) {
    this.#first = first;
    this.#bits = new Uint8Array(Math.floor((last - first) / 8) + 1);
  }

  /** @param seed one of the run */
  add(seed: number): void {
    const at = seed - this.#first;
    this.#bits[Math.floor(at / 8)]! |= 1 << (at % 8);
  }

  /** Takes a seed out; whether it was in. A seed outside the run never is. */
  take(seed: number): boolean {
    const at = seed - this.#first;
    const byte = this.#bits[Math.floor(at / 8)] ?? 0;
    const bit = 1 << (at % 8);
    if (at < 0 || (byte & bit) === 0) return false;
    this.#bits[Math.floor(at / 8)] = byte & ~bit;
    return true;
  }
}
