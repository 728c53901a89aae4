import type { Random } from '../../src/interpreter/learning/random.ts';
import type { LabelMap } from '../../src/masks/label-map.ts';

/** Fewer pixels would be dropped as a slip of the pen. */
const LEAST_PIXELS = 8;

/** A picture in which the annotator took two of the parts for each other, and which two; never the background (0). */
export function swapLabels(
  map: LabelMap,
  random: Random,
): { readonly map: LabelMap; readonly swapped: readonly [number, number] } {
  const counts = new Map<number, number>();
  for (const label of map.data) counts.set(label, (counts.get(label) ?? 0) + 1);
  const shown = [...counts].flatMap(([label, pixels]) => (label > 0 && pixels >= LEAST_PIXELS ? [label] : []));
  const [a, b] = random.shuffle(shown.sort((x, y) => x - y)) as [number, number];
  const data = map.data.map((label) => (label === a ? b : label === b ? a : label));
  return { map: { ...map, data }, swapped: [a, b] };
}
