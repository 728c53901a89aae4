/** A big-endian bit stream that grows as needed: the first bit written is the top bit of the first byte. */
export class BitWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;
  #pending = 0;
  #pendingBits = 0;

  /** @param capacity bytes to begin with */
  constructor(capacity: number) {
    this.#bytes = new Uint8Array(Math.max(capacity, 16));
  }

  /** Appends the low `bits` bits of `value`; at most 24 bits at once, so that they fit beside up to 7 pending ones. */
  write(value: number, bits: number): void {
    if (this.#length + 4 > this.#bytes.length) this.#grow();
    let pending = (this.#pending << bits) | value;
    let pendingBits = this.#pendingBits + bits;
    while (pendingBits >= 8) {
      pendingBits -= 8;
      this.#bytes[this.#length++] = pending >>> pendingBits;
      pending &= (1 << pendingBits) - 1;
    }
    this.#pending = pending;
    this.#pendingBits = pendingBits;
  }

  /** The bytes so far, the last one filled up with zero bits. Nothing may be written afterwards. */
  finish(): Uint8Array<ArrayBuffer> {
    if (this.#pendingBits > 0) this.write(0, 8 - this.#pendingBits);
    return this.#bytes.slice(0, this.#length);
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
