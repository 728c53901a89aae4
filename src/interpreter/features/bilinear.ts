/**
 * Bilinear resampling along one axis with half-pixel centres (align_corners = false), clamped at the border: output i of `side` reads an
 * axis of `size` at s = (i + 0.5)·size/side - 0.5, limited to [0, size - 1]: (1 - f)·x[low] + f·x[high], low = ⌊s⌋, f = s - low.
 * One formula for training and inference, or the classifier would see other features than it learned from.
 */
export interface AxisSamples {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly fraction: Float64Array;
}

/** Outputs start … start + count - 1. */
export function axisSamples(size: number, side: number, start: number, count: number): AxisSamples {
  return samplesAt(size, count, (i) => ((start + i + 0.5) * size) / side - 0.5);
}

/** Outputs 0 … count - 1, of which i reads an axis of `size` at position(i), limited to [0, size - 1]. */
export function samplesAt(size: number, count: number, position: (i: number) => number): AxisSamples {
  const low = new Int32Array(count);
  const high = new Int32Array(count);
  const fraction = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const source = Math.min(Math.max(position(i), 0), size - 1);
    low[i] = Math.floor(source);
    high[i] = Math.min(low[i]! + 1, size - 1);
    fraction[i] = source - low[i]!;
  }
  return { low, high, fraction };
}
