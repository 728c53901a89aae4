import { DatasetGanError } from '../../errors.ts';
import type { LabelMap } from '../label-map.ts';
import { BitWriter } from './bit-writer.ts';

/**
 * The BrushLabels RLE of each label that occurs in the map, in one pass over it. A label's mask has the bytes that @thi.ng/rle-pack makes of the RGBA
 * picture that is 255 in all four channels at its pixels and 0 elsewhere. They are written straight from the label map: in that picture every run is
 * 4 × its length in pixels, so no literal block ever occurs.
 *
 * @returns bytes for a region's `value.rle` (as a JSON list of numbers) by label, ascending. UNKNOWN, if it occurs, is a key like the others.
 */
export function encodeBrushRles(map: LabelMap): Map<number, Uint8Array<ArrayBuffer>> {
  const writers: (MaskWriter | undefined)[] = new Array(256).fill(undefined);
  forEachRun(map.data, (value, start, end) => {
    let writer = writers[value];
    if (writer === undefined) {
      writer = new MaskWriter(map.data.length);
      writers[value] = writer;
    }
    writer.set(start, end);
  });
  const masks = new Map<number, Uint8Array<ArrayBuffer>>();
  for (const [label, writer] of writers.entries()) if (writer !== undefined) masks.set(label, writer.finish());
  return masks;
}

/** Calls `visit` for every run of equal values [start, end), in order. Runs go on across row ends. */
function forEachRun(data: Uint8Array, visit: (value: number, start: number, end: number) => void): void {
  const { length } = data;
  const aligned = data.byteOffset % 4 === 0 ? data : data.slice();
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, length >> 2);
  let start = 0;
  while (start < length) {
    const value = aligned[start]!;
    let end = start + 1;
    while ((end & 3) !== 0 && end < length && aligned[end] === value) end++;
    if ((end & 3) === 0) {
      // Four pixels at a time through the inside of the run.
      const word = (value * 0x01010101) | 0;
      let at = end >> 2;
      while (at < words.length && words[at] === word) at++;
      end = at * 4;
      while (end < length && aligned[end] === value) end++;
    }
    visit(value, start, end);
    start = end;
  }
}

/** Writes the RLE of one mask from its runs of set pixels. */
class MaskWriter {
  readonly #bits = new BitWriter(2048);
  readonly #pixels: number;
  #done = 0;

  constructor(pixels: number) {
    this.#pixels = pixels;
    const words = pixels * 4;
    this.#bits.write(Math.floor(words / 0x10000), 16);
    this.#bits.write(words % 0x10000, 16);
    this.#bits.write(RLE_HEADER, 21);
  }

  /** Pixels [start, end) are set; those since the last call's end are not. */
  set(start: number, end: number): void {
    this.#run(start - this.#done, 0);
    this.#run(end - start, 255);
    this.#done = end;
  }

  finish(): Uint8Array<ArrayBuffer> {
    this.#run(this.#pixels - this.#done, 0);
    return this.#bits.finish();
  }

  /** Flag 1, size index (2 bits), length - 1 in 3, 4, 8 or 16 bits, value (8 bits); the smallest size that fits, at most 65,536 words. */
  #run(pixels: number, value: number): void {
    const bits = this.#bits;
    let words = pixels * 4;
    for (; words > 0x10000; words -= 0x10000) {
      bits.write(0b111_1111_1111_1111_1111, 19);
      bits.write(value, 8);
    }
    if (words === 0) return;
    const n = words - 1;
    if (n < 8) bits.write((((0b100 << 3) | n) << 8) | value, 14);
    else if (n < 16) bits.write((((0b101 << 4) | n) << 8) | value, 15);
    else if (n < 256) bits.write((((0b110 << 8) | n) << 8) | value, 19);
    else {
      bits.write((0b111 << 16) | n, 19);
      bits.write(value, 8);
    }
  }
}

export interface BrushMask {
  readonly pixels: number;
  /** Alpha of every pixel, row-major from the top left, 0 … 255. setFromAlpha says what counts as set. */
  readonly alpha: Uint8Array<ArrayBuffer>;
}

/**
 * Decodes a BrushLabels RLE (brush-rle-format.ts), human strokes with partial alpha and literal blocks included. Bytes behind the last word are
 * ignored, as Label Studio does (its Python encoder can append one).
 *
 * @param rle bytes, or a region's `value.rle` as it stands in JSON
 * @param pixels width × height of the picture, which the mask must have
 * @throws DatasetGanError `bad-annotation`
 */
export function decodeBrushRle(rle: Uint8Array | readonly unknown[], pixels?: number): BrushMask {
  const bytes = rle instanceof Uint8Array ? rle : toBytes(rle);
  if (bytes.length < 7) throw bad(`The brush mask has ${bytes.length} bytes, too few for a header`);
  const bits = new BitReader(bytes);
  const words = bits.read(16) * 0x10000 + bits.read(16);
  const wordSize = bits.read(5) + 1;
  const sizes = [bits.read(4) + 1, bits.read(4) + 1, bits.read(4) + 1, bits.read(4) + 1];
  if (wordSize !== 8 || words % 4 !== 0) throw bad('The brush mask is not the RLE of an RGBA picture');
  if (pixels !== undefined && words !== pixels * 4) {
    throw bad(`The brush mask covers ${words / 4} pixels, but the picture has ${pixels}`);
  }
  // No more than 65,536 words come from 27 bits: a header that claims more is not believed, so no memory is reserved for it.
  if (words > Math.ceil((bytes.length * 8) / 27) * 0x10000) throw truncated();

  const alpha = new Uint8Array(words / 4);
  let done = 0;
  while (done < words) {
    const isRun = bits.read(1) === 1;
    const length = bits.read(sizes[bits.read(2)]!) + 1;
    const end = done + length;
    if (end > words) throw bad('The brush mask is longer than its header says');
    if (isRun) {
      // Pixel p has its alpha at word 4p + 3.
      alpha.fill(bits.read(8), done >> 2, end >> 2);
    } else {
      for (let word = done; word < end; word++) {
        const value = bits.read(8);
        if ((word & 3) === 3) alpha[word >> 2] = value;
      }
    }
    done = end;
  }
  return { pixels: alpha.length, alpha };
}

function toBytes(rle: readonly unknown[]): Uint8Array {
  const bytes = new Uint8Array(rle.length);
  for (let i = 0; i < rle.length; i++) {
    const value = rle[i];
    if (typeof value !== 'number' || (value & 255) !== value) throw bad('The brush mask has values that are not bytes');
    bytes[i] = value;
  }
  return bytes;
}

/** Reads up to 16 bits at once, the top bit of each byte first. */
class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(bits: number): number {
    const first = this.#at >> 3;
    const after = (this.#at & 7) + bits;
    this.#at += bits;
    if (this.#at > this.#bytes.length * 8) throw truncated();
    const window = (this.#bytes[first]! << 16) | ((this.#bytes[first + 1] ?? 0) << 8) | (this.#bytes[first + 2] ?? 0);
    return (window >> (24 - after)) & ((1 << bits) - 1);
  }
}

const truncated = () => bad('The brush mask is truncated');

function bad(message: string): DatasetGanError {
  return new DatasetGanError('bad-annotation', `${message}.`, {
    fix: 'Open the task in Label Studio, delete that region and draw it again. Or skip the task.',
  });
}

/**
 * The BrushLabels RLE of Label Studio is a big-endian bit stream (the format of @thi.ng/rle-pack):
 *
 *     32 bits  N, the number of words: 4 × pixels, the channels of an RGBA picture, row-major from the top left; the mask is channel 3 (alpha)
 *      5 bits  word size - 1 (always 7: 8-bit words)
 *    4×4 bits  the four length sizes - 1 (Label Studio: 3, 4, 8, 16 bits)
 *     then, until N words are there:
 *      1 bit   1: a run, 0: a literal block
 *      2 bits  index of the length size
 *      size    length - 1
 *      8 bits  the run's word; or 8 × length bits, the block's words
 *     zero bits to the end of the byte
 */
const RLE_HEADER = 0b00111_0010_0011_0111_1111;
