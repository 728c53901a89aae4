/** values · factor, rounded once to float32. */
export function scaled(values: Float32Array, factor: number): Float32Array {
  return values.map((value) => value * factor);
}
