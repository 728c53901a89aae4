/** [out, in, size] → [in, out, size], as transposed convolutions take their weights. */
export function swapped(data: Float32Array, outputs: number, inputs: number, size: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++) {
      const from = (o * inputs + i) * size;
      out.set(data.subarray(from, from + size), (i * outputs + o) * size);
    }
  return out;
}
