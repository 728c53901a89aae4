import type { AxisSamples } from '../features/bilinear.ts';
import type { LabelGeometry } from '../features/feature-layout.ts';

/**
 * Pixels on a tile's side. On one thread 16, 24, 32 and 64 took 198, 191, 172 and 202 ms of a core for a picture of portraits-256, on two threads 16, 32
 * and 64 took 209, 178 and 210 ms. Logits and labels are the same to the bit.
 */
export const TILE_SIDE = 32;

/** The labels cut into tiles of `height` × `width`; the last of a row or column overlaps the one before where they do not divide. */
export interface Tiling {
  readonly width: number;
  readonly height: number;
  readonly lefts: readonly number[];
  readonly tops: readonly number[];
}

export function tiling(geometry: LabelGeometry, tile: number): Tiling {
  const starts = (size: number, step: number) =>
    Array.from({ length: Math.ceil(size / step) }, (_, i) => Math.min(i * step, size - step));
  const width = Math.min(tile, geometry.width);
  const height = Math.min(tile, geometry.height);
  return { width, height, lefts: starts(geometry.width, width), tops: starts(geometry.height, height) };
}

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

/** What the tiles read of one level along one axis, as banded matrices: outputs of a tile = matrix · samples from its start on. */
export interface TileReads {
  /** Samples that a tile reads, the same number for all tiles. */
  readonly length: number;
  /** First sample of each tile. */
  readonly starts: readonly number[];
  /** [tiles, outputs, length]: each row holds the two weights of one output. */
  readonly matrices: Float32Array;
}

/** Of an axis of `size`; tileStarts: first output of each tile; outputs: per tile; samples: what `count` outputs from `start` on read. */
export function tileReads(
  size: number,
  tileStarts: readonly number[],
  outputs: number,
  samples: (start: number, count: number) => AxisSamples,
): TileReads {
  const reads = tileStarts.map((start) => samples(start, outputs));
  const length = Math.max(...reads.map(({ low, high }) => high[outputs - 1]! - low[0]! + 1));
  const starts = reads.map(({ low }) => Math.min(low[0]!, size - length));
  const matrices = new Float32Array(reads.length * outputs * length);
  for (const [tile, { low, high, fraction }] of reads.entries()) {
    for (let i = 0; i < outputs; i++) {
      const line = (tile * outputs + i) * length - starts[tile]!;
      matrices[line + low[i]!]! += 1 - fraction[i]!;
      matrices[line + high[i]!]! += fraction[i]!;
    }
  }
  return { length, starts, matrices };
}

/** The matrices of several levels beside each other: [tiles, outputs, Σ length], so that one product upsamples and adds them all. */
export function sideBySide(reads: readonly TileReads[], outputs: number): { dims: number[]; data: Float32Array } {
  const tiles = reads[0]!.starts.length;
  const total = reads.reduce((sum, { length }) => sum + length, 0);
  const data = new Float32Array(tiles * outputs * total);
  let offset = 0;
  for (const { length, matrices } of reads) {
    for (let line = 0; line < tiles * outputs; line++)
      data.set(matrices.subarray(line * length, (line + 1) * length), line * total + offset);
    offset += length;
  }
  return { dims: [tiles, outputs, total], data };
}
