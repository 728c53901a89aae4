import type { Tiling } from './inference-graph.ts';

/** Puts tiles [tiles, height·width], row by row, together as a picture `width` wide; gives `out` back. Where tiles overlap they agree. */
export function untile<T extends Uint8Array | Float32Array>(values: T, tiles: Tiling, out: T, width: number): T {
  let at = 0;
  for (const top of tiles.tops) {
    for (const left of tiles.lefts) {
      for (let y = 0; y < tiles.height; y++, at += tiles.width)
        out.set(values.subarray(at, at + tiles.width), (top + y) * width + left);
    }
  }
  return out;
}
