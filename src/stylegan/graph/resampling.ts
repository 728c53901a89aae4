import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { ResampleKernel } from './resample-kernel.ts';

/** One filter [rows, columns] for each of the channels, as depthwise convolutions take it. */
export function perChannel(g: GraphBuilder, { rows, columns, values }: ResampleKernel, channels: number): string {
  const data = new Float32Array(channels * values.length);
  for (let channel = 0; channel < channels; channel++) data.set(values, channel * values.length);
  return g.float32([channels, 1, rows, columns], data);
}

/**
 * Doubles an image [N, C, H, H]: zeros between the samples, then convolution with the filter; a depthwise transposed convolution.
 * With n taps and padding p0 = ⌊(n + 1) / 2⌋ in front, it is cropped by n - 1 - p0 in front, and by n - 2 less that at the end.
 */
export function doubled(g: GraphBuilder, image: string, channels: number, kernel: ResampleKernel): string {
  const pads = (n: number): [number, number] => {
    const begin = n - 1 - Math.floor((n + 1) / 2);
    return [begin, n - 2 - begin];
  };
  return g.op('ConvTranspose', [image, perChannel(g, kernel, channels)], depthwise(kernel, channels, 2, pads));
}

/**
 * Smooths the result [N, C, 2H + 1, 2H + 1] of a transposed 3 × 3 convolution of stride 2 to [N, C, 2H, 2H], and adds a bias [C].
 * A convolution in ONNX is a correlation, so the filter is flipped; padding ⌊(n + 1) / 2⌋ - 1 in front, ⌊(n - 2) / 2⌋ at the end.
 */
export function smoothed(g: GraphBuilder, x: string, channels: number, kernel: ResampleKernel, bias: readonly string[]): string {
  const flipped = { ...kernel, values: kernel.values.toReversed() };
  const pads = (n: number): [number, number] => [Math.floor((n + 1) / 2) - 1, Math.floor((n - 2) / 2)];
  return g.op('Conv', [x, perChannel(g, flipped, channels), ...bias], depthwise(kernel, channels, 1, pads));
}

/** `padsOf`: of an axis with n taps, in front and at the end. */
function depthwise({ rows, columns }: ResampleKernel, channels: number, stride: number, padsOf: (n: number) => [number, number]) {
  const [[top, bottom], [left, right]] = [padsOf(rows), padsOf(columns)];
  return {
    kernel_shape: { ints: [rows, columns] },
    strides: { ints: [stride, stride] },
    pads: { ints: [top, left, bottom, right] },
    group: { i: channels },
  };
}
