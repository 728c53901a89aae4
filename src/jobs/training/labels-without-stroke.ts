import type { DecodedAnnotations } from '../engine-tasks/decode-annotations.ts';

/**
 * One note with the labels that no stroke names yet: no version predicts them. None where every picture is annotated all over, since a part that none
 * of them has is then no omission.
 */
export function labelsWithoutStroke(
  labels: readonly string[],
  counted: readonly Pick<DecodedAnnotations, 'summary'>[],
): readonly string[] {
  const summaries = counted.flatMap(({ summary }) => summary ?? []);
  if (!summaries.some(({ sparse }) => sparse === true)) return [];
  const named = new Set(summaries.flatMap(({ classes }) => classes));
  const missing = labels.filter((_, label) => !named.has(label));
  return missing.length === 0 ? [] : [`no stroke names these labels yet, so they are not predicted: ${missing.join(', ')}`];
}
