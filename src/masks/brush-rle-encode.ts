import { BitWriter } from './bit-writer.ts';
import { RLE_HEADER } from './brush-rle-format.ts';
import type { LabelMap } from './label-map.ts';

/**
 * The BrushLabels RLE of the pixels that carry `label`: the bytes that @thi.ng/rle-pack makes of the RGBA picture that is 255 in all four channels
 * there and 0 elsewhere. Written straight from the label map: in that picture every run is 4 × its length in pixels, so no literal block ever occurs.
 *
 * @returns bytes for a region's `value.rle` (as a JSON list of numbers); format: brush-rle-format.ts
 */
export function encodeBrushRle(map: LabelMap, label: number): Uint8Array<ArrayBuffer> {
  const writer = new MaskWriter(map.data.length);
  forEachRun(map.data, (value, start, end) => {
    if (value === label) writer.set(start, end);
  });
  return writer.finish();
}

/** `encodeBrushRle` of every label that occurs in the map, in one pass over it; keys ascend. UNKNOWN, if it occurs, is a key like the others. */
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
