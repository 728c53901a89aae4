import type { Point } from '../../keypoints/keypoint.ts';
import type { LabelSize } from './heat-target.ts';

/** The warmest place of a heat map. */
export interface Peak extends Point {
  /** Heat of its pixel. */
  readonly height: number;
}

/**
 * The warmest pixel, moved by a fraction of a pixel. In each direction the heat of the pixel and of the 2·reach around it is fitted by a parabola
 * h(d) = a·d² + b·d + c by least squares, whose summit is at -b/2a; no further than `reach`, not beyond the border, and not at all where the heat has
 * no summit.
 * With n values, Sᵢ = Σ dⁱ: b = Σ d·h / S₂ and a = (n·Σ d²·h - S₂·Σ h) / (n·S₄ - S₂²).
 * @param heat of one keypoint, row-major
 */
export function peakOf(heat: Float32Array, { width, height }: LabelSize, reach: number): Peak {
  let warmest = 0;
  for (let pixel = 1; pixel < heat.length; pixel++) if (heat[pixel]! > heat[warmest]!) warmest = pixel;
  const x = warmest % width;
  const y = (warmest - x) / width;
  const across = summit((d) => heat[y * width + Math.min(Math.max(x + d, 0), width - 1)]!, reach);
  const down = summit((d) => heat[Math.min(Math.max(y + d, 0), height - 1) * width + x]!, reach);
  const inside = (value: number, size: number) => Math.min(Math.max(value, 0), size);
  return { x: inside(x + 0.5 + across, width), y: inside(y + 0.5 + down, height), height: heat[warmest]! };
}

/** Where the parabola through h(-reach) … h(reach) has its summit. */
function summit(heat: (d: number) => number, reach: number): number {
  let [h0, h1, h2, s2, s4] = [0, 0, 0, 0, 0];
  for (let d = -reach; d <= reach; d++) {
    h0 += heat(d);
    h1 += d * heat(d);
    h2 += d * d * heat(d);
    s2 += d * d;
    s4 += d ** 4;
  }
  const count = 2 * reach + 1;
  const a = (count * h2 - s2 * h0) / (count * s4 - s2 * s2);
  return a < 0 ? Math.min(Math.max(-h1 / s2 / (2 * a), -reach), reach) : 0;
}
