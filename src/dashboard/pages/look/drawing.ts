import { useMemo } from 'preact/hooks';
import { coloursOf, OTHERS, type ShownLabel } from './label-colours.ts';
import { TRUTH } from './look-query.ts';
import type { LookSettings } from './look-settings.ts';
import { heatPalette, labelPalette, type Palette } from './overlay.ts';

const HEAT = heatPalette();

/** How pictures are drawn: the same for all on the page. */
export interface Drawing extends LookSettings {
  readonly labels: readonly ShownLabel[];
  readonly keypointLabels: readonly ShownLabel[];
  /** From left to right: versions, or TRUTH. Empty where there is no version yet. */
  readonly sides: readonly string[];
  /** What a side is called. */
  nameOf(side: string): string;
}

/** Of a map whose numbers have these names. The truth is never uncertain, and has parts that the project does not ask for. */
export function usePalette({ layer, labels, hidden }: Drawing, side: string | undefined, names: readonly string[]): Palette {
  const key = names.join('\0');
  return useMemo(() => {
    if (side === TRUTH) return labelPalette(coloursOf(names, labels, new Set([...hidden, OTHERS])));
    return layer === 'uncertainty' ? HEAT : labelPalette(coloursOf(names, labels, hidden));
  }, [layer, labels, hidden, side, key]);
}
