import type { FloatTensor } from '../tensor-map.ts';

/** The same numbers under other dims of the same product. */
export function reshaped({ data }: FloatTensor, dims: readonly number[]): FloatTensor {
  return { dims, data };
}

/** Without its first axis, whose size must be 1. */
export function squeezed({ dims, data }: FloatTensor): FloatTensor {
  return { dims: dims[0] === 1 ? dims.slice(1) : dims, data };
}

/** [in, out] → [out, in] */
export function transposed({ dims, data }: FloatTensor): FloatTensor {
  const [rows, columns] = dims as [number, number];
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) out[column * rows + row] = data[row * columns + column]!;
  return { dims: [columns, rows], data: out };
}

/** TensorFlow's convolution weight [k, k, in, out] → [out, in, k, k], times `factor`; `flip` turns the kernel round in both directions. */
export function kernelFirst({ dims, data }: FloatTensor, { flip, factor }: { flip: boolean; factor: number }): FloatTensor {
  const [height, width, inputs, outputs] = dims as [number, number, number, number];
  const taps = height * width;
  const out = new Float32Array(data.length);
  for (let tap = 0; tap < taps; tap++) {
    const to = flip ? taps - 1 - tap : tap;
    for (let i = 0; i < inputs; i++) {
      const from = (tap * inputs + i) * outputs;
      for (let o = 0; o < outputs; o++) out[(o * inputs + i) * taps + to] = data[from + o]! * factor;
    }
  }
  return { dims: [outputs, inputs, height, width], data: out };
}
