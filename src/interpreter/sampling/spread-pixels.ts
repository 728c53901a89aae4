/**
 * Pixels in an order of which every beginning is spread evenly over all of them, so that no stretch of a stroke is left out. They are ranked along a
 * Hilbert curve, on which neighbours stay together, and taken by bit-reversed rank (van der Corput 1935).
 * @param pixels flat positions y·width + x
 * @param begin rank of the first one, 0 … pixels.length - 1
 */
export function spreadPixels(pixels: Int32Array, width: number, begin: number): Int32Array {
  const last = pixels.reduce((most, pixel) => Math.max(most, pixel), 0);
  const side = 2 ** bitsOf(Math.max(width, Math.floor(last / width) + 1));
  const along = Float64Array.from(pixels, (pixel) => hilbertIndex(side, pixel % width, Math.floor(pixel / width)));
  const ranked = [...pixels.keys()].sort((a, b) => along[a]! - along[b]!);
  const bits = bitsOf(pixels.length);
  const out = new Int32Array(pixels.length);
  let count = 0;
  for (let i = 0; i < 2 ** bits; i++) {
    const rank = reversed(i, bits);
    if (rank < ranked.length) out[count++] = pixels[ranked[(rank + begin) % ranked.length]!]!;
  }
  return out;
}

/** Bits that count up to n - 1. */
const bitsOf = (n: number): number => Math.ceil(Math.log2(Math.max(1, n)));

function reversed(value: number, bits: number): number {
  let out = 0;
  for (let bit = 0; bit < bits; bit++) out = 2 * out + ((value >> bit) & 1);
  return out;
}

/** Place of (x, y) on the Hilbert curve through a square of a power of two. */
function hilbertIndex(size: number, column: number, row: number): number {
  let [x, y, index] = [column, row, 0];
  for (let half = size / 2; half >= 1; half /= 2) {
    const [right, below] = [(x & half) > 0 ? 1 : 0, (y & half) > 0 ? 1 : 0];
    index += half * half * ((3 * right) ^ below);
    if (below === 1) continue;
    if (right === 1) [x, y] = [size - 1 - x, size - 1 - y];
    [x, y] = [y, x];
  }
  return index;
}
