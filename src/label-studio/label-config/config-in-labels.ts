import type { LabelConfig } from './label-config.ts';

type Texts = readonly (readonly [text: string, index: number])[];

/** Labels and keypoints by index, and what they are called. */
export type LabelIndices = Pick<LabelConfig, 'labels' | 'sparse' | 'labelTexts' | 'keypoints' | 'keypointTexts'>;

/**
 * A project's label config with the label indices of another one: masks and keypoints in the indices of `source` are drawn with the project's own
 * controls and texts, and its annotations are read in the indices of `source`. Labels are matched by any of their texts.
 */
export function configInLabels(own: LabelConfig, source: LabelIndices): LabelConfig {
  const labels = matchTexts(own.labelTexts, source.labelTexts);
  const keypoints = matchTexts(own.keypointTexts, source.keypointTexts);
  const drawnBy = <T>(controls: readonly T[], wanted: readonly string[], same: ReadonlyMap<number, number>) =>
    controls.length === 0 ? [] : wanted.map((_, index) => controls[same.get(index) ?? 0]!);
  return {
    ...own,
    labels: source.labels.map((text, index) => own.labels[labels.same.get(index) ?? -1] ?? text),
    controls: drawnBy(own.controls, source.labels, labels.same),
    sparse: source.sparse,
    labelTexts: labels.texts,
    keypoints: source.keypoints.map((text, index) => own.keypoints[keypoints.same.get(index) ?? -1] ?? text),
    keypointControls: drawnBy(own.keypointControls, source.keypoints, keypoints.same),
    keypointTexts: keypoints.texts,
  };
}

/** By index in the source: the same label's own index. And every text of either, with its index in the source. */
function matchTexts(own: Texts, source: Texts): { readonly same: ReadonlyMap<number, number>; readonly texts: Texts } {
  const ownIndex = new Map(own);
  const same = new Map<number, number>();
  for (const [text, index] of source) {
    const match = ownIndex.get(text);
    if (match !== undefined && !same.has(index)) same.set(index, match);
  }
  const indexOf = new Map(source);
  for (const [text, index] of own) {
    const match = [...same].find(([, found]) => found === index)?.[0];
    if (match !== undefined && !indexOf.has(text)) indexOf.set(text, match);
  }
  return { same, texts: [...indexOf] };
}
