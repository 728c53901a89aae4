import { damaged } from '../checkpoint/refusal.ts';
import { latent } from '../latent.ts';
import type { FloatTensor } from '../tensor-map.ts';

/** Buffers that no training changes, so that they are made again where a file lacks them, and the note for the user. */
const NOTES = {
  noise: 'The checkpoint has no noise. Layer k uses numpy’s RandomState(k).randn, always the same.',
  filter: 'The checkpoint has no resampling filter. The published one is used.',
  transform: 'The checkpoint has no transform of the input. None is applied.',
} as const;

export type Remade = keyof typeof NOTES;

/** One sentence for each kind. */
export function notesOf(kinds: ReadonlySet<Remade>): string[] {
  return [...kinds].map((kind) => NOTES[kind]);
}

/** Published filters: of StyleGAN2, whose product with itself is applied, and of StyleGAN1. */
export const STYLEGAN2_FILTER: readonly number[] = [1, 3, 3, 1];
export const STYLEGAN1_FILTER: readonly number[] = [1, 2, 1];

/**
 * Constant noise [r, r] of a layer, counting from 0: numpy's `RandomState(layer).randn`.
 * @throws DatasetGanError `checkpoint-damaged` beyond 2048 px
 */
export function layerNoise(layer: number, resolution: number): FloatTensor {
  if (resolution > 2048) throw damaged('its resolution is beyond 2048');
  return { dims: [resolution, resolution], data: Float32Array.from(latent(layer, resolution * resolution)) };
}
