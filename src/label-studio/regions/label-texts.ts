import { type ResultEntry, textsOf } from './result-entry.ts';

/** Where shapes and labels are controls apart (Brush and Labels), the label of a shape is in another entry of the same id. */
export type LabelsById = ReadonlyMap<string | null, readonly string[]>;

export function labelsById(entries: readonly (ResultEntry | undefined)[]): LabelsById {
  return new Map(
    entries.flatMap((entry) => (entry?.type === 'labels' && entry.id !== null ? [[entry.id, textsOf(entry.value.labels)]] : [])),
  );
}

/** The texts of a region's labels: those under the name of its type, then those that another entry gives it. */
export function labelTextsOf(entry: ResultEntry, given: LabelsById): string[] {
  return [...ownTexts(entry), ...(given.get(entry.id) ?? [])];
}

function ownTexts({ type, value }: ResultEntry): string[] {
  for (const key of [type, 'labels', 'brushlabels', 'polygonlabels', 'bitmasklabels', 'keypointlabels']) {
    const texts = textsOf(value[key]);
    if (texts.length > 0) return texts;
  }
  return [];
}
