import { join } from 'node:path';
import { type NpyArray, readNpz } from './npz.ts';

/** The bundled generator's folder. */
export const PORTRAITS = join(import.meta.dirname, '../../model-assets/portraits-256');

const arrays = readNpz(join(import.meta.dirname, '../fixtures/portraits-256/golden.npz'));

/** A golden array of portraits-256 (test/fixtures/portraits-256/README.md), of which [0] is seed 0 and [1] seed 1 where it has both. */
export function golden(name: string): NpyArray {
  const array = arrays.get(name);
  if (array === undefined) throw new Error(`golden.npz has no '${name}'`);
  return array;
}

/** The part of a golden array that belongs to one seed. */
export function goldenOf(name: string, seed: 0 | 1): Float64Array {
  const { shape, data } = golden(name);
  const size = data.length / shape[0]!;
  return Float64Array.from({ length: size }, (_, i) => Number(data[seed * size + i]));
}

/** Greatest absolute difference of two arrays of one length. */
export function greatestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} values against ${b.length}`);
  let greatest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    // Written so that NaN counts as different.
    if (!(difference <= greatest)) greatest = difference;
  }
  return greatest;
}
