/**
 * The nearest set pixel of every pixel, as its index; -1 where none is set. Two rounds of sweeps that hand the nearest one on from neighbour to
 * neighbour (Danielsson 1980): exact but for a fraction of a pixel.
 */
export function nearestSet(isSet: Uint8Array, width: number, height: number): Int32Array {
  const nearest = Int32Array.from(isSet, (set, pixel) => (set === 0 ? -1 : pixel));
  const take = (x: number, y: number, fromX: number, fromY: number): void => {
    if (fromX < 0 || fromX >= width || fromY < 0 || fromY >= height) return;
    const offered = nearest[fromY * width + fromX]!;
    if (offered === -1) return;
    const pixel = y * width + x;
    const held = nearest[pixel]!;
    const squared = (target: number) => (x - (target % width)) ** 2 + (y - Math.floor(target / width)) ** 2;
    if (held === -1 || squared(offered) < squared(held)) nearest[pixel] = offered;
  };
  const visit = (x: number, y: number, back: 1 | -1): void => {
    take(x, y, x - back, y);
    for (const dx of [-1, 0, 1]) take(x, y, x + dx, y - back);
  };
  for (let round = 0; round < 2; round++) {
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) visit(x, y, 1);
    for (let y = height - 1; y >= 0; y--) for (let x = width - 1; x >= 0; x--) visit(x, y, -1);
  }
  return nearest;
}
