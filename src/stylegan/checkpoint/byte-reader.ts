import { damaged, truncated } from './refusal.ts';

/** Reads numbers and views from bytes, front to back; every length is checked before it is used. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  /** A view, not a copy. */
  take(length: number): Uint8Array {
    const at = this.#advance(length);
    return this.bytes.subarray(at, at + length);
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  /** A length or position. */
  u64(): number {
    const value = this.#view.getBigUint64(this.#advance(8), true);
    if (value > Number.MAX_SAFE_INTEGER) throw damaged('a length has more than 53 bits');
    return Number(value);
  }

  /** Big-endian, as pickle has it. */
  float64(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  /** Text up to the next line feed, which is skipped; at most 1,000 bytes. */
  line(): string {
    const end = this.bytes.subarray(this.at, this.at + 1000).indexOf(10);
    if (end < 0) throw this.left < 1000 ? truncated() : damaged('a line of text does not end');
    const text = Buffer.from(this.take(end)).toString('latin1');
    this.at += 1;
    return text;
  }

  #advance(length: number): number {
    if (length < 0) throw damaged('a length is negative');
    if (length > this.left) throw truncated();
    const { at } = this;
    this.at += length;
    return at;
  }
}
