import type { LabelConfig } from './label-config.ts';
import { descendants, parseXmlTags } from './xml-tags.ts';

/** Masks and keypoints that a project is to show. */
export interface MasksToShow {
  /** Texts of the labels that the masks have, without the background. */
  readonly labels: readonly string[];
  /** Texts of the keypoints. */
  readonly keypoints: readonly string[];
  /** Whether their background is a label of its own, so that an unlabelled pixel is an unknown one. */
  readonly sparse: boolean;
}

/**
 * What keeps a project with label config `xml`, read as `config`, from taking pictures with such masks and keypoints: one sentence each, none when it
 * can. It may have more labels.
 */
export function missingForMasks(xml: string, config: LabelConfig, { labels, keypoints, sparse }: MasksToShow): string[] {
  const missing: string[] = [];
  const none = (what: string, texts: readonly string[], known: LabelConfig['labelTexts']) => {
    const own = new Map(known);
    const lacking = texts.filter((text) => !own.has(text));
    if (lacking.length > 0) missing.push(`it has no ${what} ${lacking.map((text) => `'${text}'`).join(', ')}`);
  };
  none('label', labels, config.labelTexts);
  none('keypoint', keypoints, config.keypointTexts);
  if (config.sparse && !sparse)
    missing.push(`it has a label '${config.labels[0]}', so unlabelled pixels are unknown there, but background here`);
  if (!config.sparse && sparse) missing.push("it has no label 'Background'");
  // Objects beside the picture take their content from the task, which has only the picture.
  const objects = descendants(parseXmlTags(xml)).filter(({ attributes }) => attributes.name && !attributes.toName);
  const keys = objects.flatMap(({ attributes }) => /^\$(\w+)/.exec(attributes.value ?? attributes.valueList ?? '')?.[1] ?? []);
  const others = [...new Set(keys)].filter((key) => key !== config.imageKey);
  if (others.length > 0) missing.push(`its tasks also need ${others.map((key) => `'${key}'`).join(', ')}`);
  return missing;
}
