import { Canvas, SIDE } from './canvas.ts';
import { portraitFactors } from './factors.ts';
import { type Keypoint, portraitKeypoints } from './keypoints.ts';
import { paintPortrait } from './layers.ts';

export interface Portrait {
  /** Part of each pixel, row-major; indices into PARTS. */
  readonly mask: { readonly width: number; readonly height: number; readonly data: Uint8Array };
  readonly keypoints: Keypoint[];
  /** [3, 256, 256], -1 … 1; only if asked for. */
  readonly image: Float32Array | undefined;
}

/**
 * Renders the portrait of a seed, which the bundled generator was fitted to: the exact part of every pixel and nine keypoints. All of it is in
 * float64 from the unrounded latent; the definition is model-assets/portraits-256/recipe/renderer.py.
 * @param seed 0 … 2^32 - 1
 */
export function renderPortrait(seed: number, { image: wanted = false } = {}): Portrait {
  const factors = portraitFactors(seed);
  const canvas = new Canvas(factors.tilt, wanted);
  paintPortrait(canvas, factors);
  const { mask, image } = canvas;
  return {
    mask: { width: SIDE, height: SIDE, data: mask },
    keypoints: portraitKeypoints(factors, mask),
    image: image === undefined ? undefined : Float32Array.from(image, (value) => Math.min(Math.max(value * 2 - 1, -1), 1)),
  };
}
