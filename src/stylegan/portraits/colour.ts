/** Red, green and blue, 0 … 1, written in place. */
export type Rgb = Float64Array;

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** Hue, saturation, value → out; channel n in (5, 3, 1): v - v s clamp(min(k, 4 - k), 0, 1), k = (n + 6 h) mod 6. */
export function hsv(out: Rgb, hue: number, saturation: number, value: number): void {
  for (let channel = 0; channel < 3; channel++) {
    const k = (5 - 2 * channel + hue * 6) % 6;
    out[channel] = value - value * saturation * clamp(Math.min(k, 4 - k), 0, 1);
  }
}
