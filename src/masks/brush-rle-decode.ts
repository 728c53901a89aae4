import { DatasetGanError } from '../errors.ts';

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
    throw bad(`The brush mask covers ${words / 4} pixels, the picture has ${pixels}`);
  }
  // No more than 65,536 words come from 27 bits: a header that claims more is not believed, so no memory is reserved for it.
  if (words > Math.ceil((bytes.length * 8) / 27) * 0x10000) throw truncated();

  const alpha = new Uint8Array(words / 4);
  let done = 0;
  while (done < words) {
    const isRun = bits.read(1) === 1;
    const length = bits.read(sizes[bits.read(2)]!) + 1;
    const end = done + length;
    if (end > words) throw bad('The brush mask runs past its own size');
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
    if (typeof value !== 'number' || (value & 255) !== value) throw bad('The brush mask holds something other than bytes');
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

const truncated = () => bad('The brush mask is cut off before its end');

function bad(message: string): DatasetGanError {
  return new DatasetGanError('bad-annotation', `${message}.`, {
    fix: 'Open the task in Label Studio, delete that region and draw it again, or skip the task.',
  });
}
