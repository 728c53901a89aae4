import type { LabelConfig } from './label-config.ts';
import { labelsOf, textOfLabel } from './label-tags.ts';
import { parseXmlTags } from './xml-tags.ts';

export interface KeypointSkeleton {
  /** Indices of keypoints that a line joins, each pair once. */
  readonly joined: readonly (readonly [from: number, to: number])[];
  /** Texts that are no keypoint. */
  readonly unknown: readonly string[];
}

/**
 * Which keypoints a line joins, by the attribute `skeleton` of their labels: names with commas between them, as in
 * `<Label value="nose" skeleton="left eye, right eye"/>`. Label Studio keeps the attribute, and its editor does not look at it.
 * @throws DatasetGanError `bad-label-config`
 */
export function keypointSkeleton(xml: string, { keypointTexts }: Pick<LabelConfig, 'keypointTexts'>): KeypointSkeleton {
  const indexOf = new Map(keypointTexts);
  const joined: [number, number][] = [];
  const unknown = new Set<string>();
  for (const label of labelsOf(parseXmlTags(xml))) {
    const from = indexOf.get(textOfLabel(label));
    if (from === undefined) continue;
    for (const text of namesIn(label.attributes.skeleton ?? '')) {
      const to = indexOf.get(text);
      if (to === undefined) unknown.add(text);
      else if (to !== from && !joined.some((pair) => pair.includes(from) && pair.includes(to))) joined.push([from, to]);
    }
  }
  return { joined, unknown: [...unknown] };
}

const namesIn = (list: string): string[] =>
  list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
