import { latent } from '../latent.ts';
import { erf } from './erf.ts';

/** One latent coordinate each, in this order: name, least and largest value. */
const FACTORS = [
  ['tilt', -0.18, 0.18],
  ['yaw', -1, 1],
  ['pitch', -1, 1],
  ['faceWidth', 0.36, 0.47],
  ['faceHeight', 0.5, 0.6],
  ['jaw', 2.0, 2.9],
  ['skinHue', 0.03, 0.09],
  ['skinValue', 0.42, 1.0],
  ['skinSaturation', 0.3, 0.55],
  ['hairHue', 0.02, 0.13],
  ['hairValue', 0.08, 0.85],
  ['hairSaturation', 0.2, 0.85],
  ['hairLength', 0.25, 1.15],
  ['hairVolume', 0.06, 0.2],
  ['fringe', -0.42, -0.16],
  ['parting', -0.5, 0.5],
  ['eyeSpacing', 0.155, 0.2],
  ['eyeHeight', 0.028, 0.062],
  ['eyeWidth', 0.082, 0.091],
  ['eyeY', -0.1, -0.03],
  ['irisHue', 0.05, 0.62],
  ['gaze', -1, 1],
  ['browGap', 0.1, 0.16],
  ['browThickness', 0.019, 0.027],
  ['browAngle', -0.14, 0.14],
  ['noseLength', 0.194, 0.226],
  ['noseWidth', 0.055, 0.075],
  ['mouthWidth', 0.127, 0.163],
  ['smile', -0.005, 0.125],
  ['mouthHeight', 0.032, 0.045],
  ['lipColour', 0.3, 0.7],
  ['clothingHue', 0, 1],
  ['clothingSaturation', 0.2, 0.85],
  ['backgroundHue', 0, 1],
  ['light', -1, 1],
  ['glasses', -1, 1],
] as const;

export type Factors = Readonly<Record<(typeof FACTORS)[number][0], number>>;

/**
 * The 36 factors of a seed's portrait: its latent in float64, scaled to mean square 1 (z / √(mean z² + 1e-8), the first step of the mapping
 * network too); then factor = low + (high - low) Φ(z), Φ the normal distribution function.
 */
export function portraitFactors(seed: number): Factors {
  const z = latent(seed, FACTORS.length);
  const scale = 1 / Math.sqrt(z.reduce((sum, value) => sum + value * value, 0) / z.length + 1e-8);
  const entries = FACTORS.map(([name, low, high], i) => {
    const share = 0.5 * (1 + erf((z[i]! * scale) / Math.SQRT2));
    return [name, low + (high - low) * share] as const;
  });
  return Object.fromEntries(entries) as Factors;
}
