import { defaultColour } from './default-colour.ts';
import type { LabelConfig } from './label-config.ts';
import { textOfLabel } from './label-tags.ts';
import { descendants, parseXmlTags } from './xml-tags.ts';

/** As CSS writes a colour: `#36b37e`, `rgb(54, 179, 126)`, `tomato`. */
export interface EditorColours {
  /** By label; null for a background that the label config does not have. */
  readonly labels: readonly (string | null)[];
  /** By keypoint. */
  readonly keypoints: readonly string[];
}

/**
 * The colours in which Label Studio's editor draws labels and keypoints: their `background`, or its default. Of a label in several controls, the first counts.
 * @throws DatasetGanError `bad-label-config`
 */
export function editorColours(xml: string, { labels, keypoints }: Pick<LabelConfig, 'labels' | 'keypoints'>): EditorColours {
  const colours = new Map<string, string>();
  for (const tag of descendants(parseXmlTags(xml))) {
    const { value, alias, background } = tag.attributes;
    if (tag.name !== 'label' || !(value || alias) || colours.has(textOfLabel(tag))) continue;
    colours.set(textOfLabel(tag), background?.trim() || defaultColour(value || alias!));
  }
  return {
    labels: labels.map((label) => colours.get(label) ?? null),
    keypoints: keypoints.map((keypoint) => colours.get(keypoint) ?? defaultColour(keypoint)),
  };
}
