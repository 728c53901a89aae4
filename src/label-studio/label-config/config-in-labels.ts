import type { LabelConfig } from './label-config.ts';

/**
 * A project's label config with the label indices of another one: masks in the indices of `source` are drawn with the project's own controls and
 * texts, and its annotations are read in the indices of `source`. Labels are matched by any of their texts.
 */
export function configInLabels(own: LabelConfig, source: Pick<LabelConfig, 'labels' | 'sparse' | 'labelTexts'>): LabelConfig {
  const ownIndex = new Map(own.labelTexts);
  const sourceIndex = new Map(source.labelTexts);
  const same = new Map<number, number>();
  for (const [text, index] of source.labelTexts) {
    const match = ownIndex.get(text);
    if (match !== undefined && !same.has(index)) same.set(index, match);
  }
  const indexOf = new Map(source.labelTexts);
  for (const [text, index] of own.labelTexts) {
    const match = [...same].find(([, found]) => found === index)?.[0];
    if (match !== undefined && !sourceIndex.has(text)) indexOf.set(text, match);
  }
  const labels = source.labels.map((text, index) => own.labels[same.get(index) ?? -1] ?? text);
  const controls = source.labels.map((_, index) => own.controls[same.get(index) ?? 0]!);
  return { ...own, labels, controls, sparse: source.sparse, labelTexts: [...indexOf] };
}
