import type { GraphBuilder } from '../../onnx/graph-builder.ts';

/** outer(f, f) / (Σ f)² · 4: the filter of doubling a side, its gain 2² making up for the zeros between the samples. Row-major, [n, n]. */
function kernel(filter: readonly number[]): number[] {
  const sum = filter.reduce((total, value) => total + value, 0);
  return filter.flatMap((a) => filter.map((b) => (4 * a * b) / sum ** 2));
}

/** One filter [side, side] for each of the channels, as depthwise convolutions take it. */
export function perChannel(g: GraphBuilder, values: readonly number[], channels: number, side: number): string {
  const data = new Float32Array(channels * values.length);
  for (let channel = 0; channel < channels; channel++) data.set(values, channel * values.length);
  return g.float32([channels, 1, side, side], data);
}

/**
 * Doubles an image [N, C, H, H]: zeros between the samples, then convolution with the filter; a depthwise transposed convolution.
 * With n taps and padding p0 = ⌊(n + 1) / 2⌋ in front, it is cropped by n - 1 - p0 in front, and by n - 2 less that at the end.
 */
export function doubled(g: GraphBuilder, image: string, channels: number, filter: readonly number[]): string {
  const n = filter.length;
  const begin = n - 1 - Math.floor((n + 1) / 2);
  const end = n - 2 - begin;
  return g.op('ConvTranspose', [image, perChannel(g, kernel(filter), channels, n)], {
    kernel_shape: { ints: [n, n] },
    strides: { ints: [2, 2] },
    pads: { ints: [begin, begin, end, end] },
    group: { i: channels },
  });
}

/**
 * Smooths the result [N, C, 2H + 1, 2H + 1] of a transposed 3 × 3 convolution of stride 2 to [N, C, 2H, 2H], and adds a bias [C].
 * A convolution in ONNX is a correlation, so the filter is flipped; padding ⌊(n + 1) / 2⌋ - 1 in front, ⌊(n - 2) / 2⌋ at the end.
 */
export function smoothed(
  g: GraphBuilder,
  x: string,
  channels: number,
  filter: readonly number[],
  bias: readonly string[],
): string {
  const n = filter.length;
  const [begin, end] = [Math.floor((n + 1) / 2) - 1, Math.floor((n - 2) / 2)];
  return g.op('Conv', [x, perChannel(g, kernel(filter).reverse(), channels, n), ...bias], {
    kernel_shape: { ints: [n, n] },
    strides: { ints: [1, 1] },
    pads: { ints: [begin, begin, end, end] },
    group: { i: channels },
  });
}
