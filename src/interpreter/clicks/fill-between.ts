/**
 * Values of every pixel from those of every n-th pixel of every n-th row, by bilinear interpolation. Beyond the last known column or row its values are
 * repeated.
 * @param known [ceil(height / every) · ceil(width / every), k], row-major
 * @returns [height · width, k]
 */
export function fillBetween(known: Float32Array, width: number, height: number, every: number): Float32Array {
  const columns = Math.ceil(width / every);
  const rows = Math.ceil(height / every);
  const size = known.length / (columns * rows);
  const out = new Float32Array(width * height * size);
  for (let y = 0, at = 0; y < height; y++) {
    const above = Math.floor(y / every);
    const below = Math.min(rows - 1, above + 1);
    const down = (y % every) / every;
    for (let x = 0; x < width; x++) {
      const left = Math.floor(x / every);
      const right = Math.min(columns - 1, left + 1);
      const along = (x % every) / every;
      const [a, b] = [(above * columns + left) * size, (above * columns + right) * size];
      const [c, d] = [(below * columns + left) * size, (below * columns + right) * size];
      for (let i = 0; i < size; i++, at++) {
        const upper = known[a + i]! + along * (known[b + i]! - known[a + i]!);
        const lower = known[c + i]! + along * (known[d + i]! - known[c + i]!);
        out[at] = upper + down * (lower - upper);
      }
    }
  }
  return out;
}
