import { labelsOf, targetsOf, textOfLabel } from './label-tags.ts';
import type { XmlTag } from './xml-tags.ts';

/**
 * Names of the RectangleLabels whose boxes are weak masks: they are on the Image, and have a label of a mask control. With `smart` or `smartOnly` they hold
 * prompts of Label Studio's smart tools instead.
 * @param image name of the Image with masks
 * @param inMasks texts of the labels that mask controls have, without the background
 */
export function findBoxControls(tags: readonly XmlTag[], image: string, inMasks: ReadonlySet<string>): string[] {
  return tags
    .filter((tag) => {
      const { smart, smartOnly } = tag.attributes;
      const isOne = tag.name === 'rectanglelabels' && smart !== 'true' && smartOnly !== 'true';
      return isOne && targetsOf(tag).includes(image) && labelsOf(tag).some((label) => inMasks.has(textOfLabel(label)));
    })
    .map(({ attributes }) => attributes.name!);
}
