import { imageOf, labelsOf, shapeBeside, targetsOf, textOfLabel } from './label-tags.ts';
import type { MaskControlChoice } from './mask-controls.ts';
import type { XmlTag } from './xml-tags.ts';

export interface KeypointControlTag {
  readonly name: string;
  readonly tag: XmlTag;
  /** Its keypoints: at least one. */
  readonly labels: readonly XmlTag[];
}

export interface KeypointControlTags {
  readonly image: XmlTag;
  /** In the order of the label config. */
  readonly controls: readonly KeypointControlTag[];
}

/**
 * The tags of a label config whose labels are keypoints, each at most once a picture. A label that a mask control has too is none: such a KeyPointLabels
 * holds the clicks of Label Studio's smart tools. The attribute `smart="false"` says that it holds none.
 * @param image the one with masks; left out where there are none: the first with keypoints
 * @param inMasks aliases and values of the labels that mask controls have
 */
export function findKeypointControls(
  tags: readonly XmlTag[],
  images: readonly XmlTag[],
  { image, inMasks }: { readonly image: XmlTag | undefined; readonly inMasks: ReadonlySet<string | undefined> },
  { joinApart = false }: MaskControlChoice,
): KeypointControlTags | undefined {
  const all = tags.flatMap((tag) => {
    const isOne = tag.name === 'keypointlabels' || (joinApart && shapeBeside(tag, tags, new Set(['keypoint'])) !== undefined);
    const on = imageOf(tag, images);
    if (!isOne || on === undefined || tag.attributes.smartOnly === 'true') return [];
    const labels = labelsOf(tag).filter((label) => tag.attributes.smart === 'false' || !inMasks.has(textOfLabel(label)));
    return labels.length === 0 ? [] : [{ name: tag.attributes.name!, tag, labels, on }];
  });
  const on = image ?? all[0]?.on;
  if (on === undefined) return undefined;
  return { image: on, controls: all.filter(({ tag }) => targetsOf(tag).includes(on.attributes.name)) };
}
