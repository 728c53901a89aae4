import type { BackboneCard } from '../photos/backbone-card.ts';

/**
 * The working size for pairs, in pixels: large enough for the whole of their longer side, and never above the backbone's own. More shows nothing that is
 * not in them, and takes longer.
 */
export function usualSize(
  { input: { size: own, step } }: Pick<BackboneCard, 'input'>,
  { width, height }: { readonly width: number; readonly height: number },
): number {
  return step === null ? own : Math.min(own, step * Math.ceil(Math.max(width, height) / step));
}
