import type { LabelConfig } from '../label-config/label-config.ts';

/**
 * What to say of a keypoint region whose label is one of a mask control: it is a click of a smart tool, and the annotator did not accept the region that
 * answered it. Undefined where the label is another.
 * @param texts the region's labels
 */
export function unacceptedClick(texts: readonly string[], { labelTexts }: Pick<LabelConfig, 'labelTexts'>): string | undefined {
  const text = texts.find((own) => labelTexts.some(([known]) => known === own));
  return text === undefined
    ? undefined
    : `a click for '${text}' was submitted without the region that answered it, which was not accepted`;
}
