import { findBoxControls } from './box-controls.ts';
import { findKeypointControls, type KeypointControlTag } from './keypoint-controls.ts';
import { imageOf, labelsOf, refuseLabelConfig, textOfLabel } from './label-tags.ts';
import { findMaskControls, type MaskControlChoice, type MaskControlTag, whichMaskControl, whyNoLabels } from './mask-controls.ts';
import { descendants, parseXmlTags, type XmlTag } from './xml-tags.ts';

export interface ControlTags {
  readonly image: XmlTag;
  /** Each with a Label, in the order of the label config. Empty where only keypoints are annotated. */
  readonly masks: readonly MaskControlTag[];
  readonly keypoints: readonly KeypointControlTag[];
  /** Names of the RectangleLabels whose boxes are weak masks. */
  readonly boxes: readonly string[];
  /** Names of what else is shown and annotated: other images, texts … */
  readonly otherObjects: readonly string[];
}

/**
 * The tags of a label config that draw masks and keypoints, and of the Image they are on: that of the preferred kind of control, where several have some.
 * @throws DatasetGanError `bad-label-config`; the message is one ASCII sentence that says what to change, fit for an HTTP reason phrase
 */
export function findControls(xml: string, choice: MaskControlChoice = {}): ControlTags {
  const tags = descendants(parseXmlTags(xml));
  const images = tags.filter(({ name }) => name === 'image');
  if (images.length === 0) throw refuseLabelConfig('The label config has no Image: add <Image name="image" value="$image"/>');

  const masks = findMaskControls(tags, images, choice);
  const all = masks ?? findMaskControls(tags, images, { ...choice, wanted: undefined });
  const inMasks = new Set(
    (all?.controls ?? []).flatMap(({ tag }) => labelsOf(tag).flatMap(({ attributes: { alias, value } }) => [alias, value])),
  );
  const keypoints = findKeypointControls(tags, images, { image: all?.image, inMasks }, choice);
  const points = keypoints?.controls ?? [];
  const isFound = (masks?.controls.length ?? 0) + points.length > 0;
  // Masks of another kind than the wanted one are a config that does not fit, whatever its keypoints.
  if (!isFound || (masks === undefined && all !== undefined)) {
    const first = masks?.first.tag ?? tags.find((tag) => tag.name === 'keypointlabels' && imageOf(tag, images) !== undefined);
    const isEmpty = !isFound && first !== undefined && labelsOf(first).length === 0;
    throw refuseLabelConfig(isEmpty ? whyNoLabels(first) : whichMaskControl(tags, images, choice.wanted));
  }
  const image = (all?.image ?? keypoints?.image)!;
  const objects = tags
    .filter(({ attributes }) => attributes.name && !attributes.toName)
    .map(({ attributes }) => attributes.name!);
  return {
    image,
    masks: masks?.controls ?? [],
    keypoints: points,
    boxes: findBoxControls(
      tags,
      image.attributes.name!,
      new Set((masks?.controls ?? []).flatMap(({ tag }) => labelsOf(tag).map(textOfLabel))),
    ),
    otherObjects: objects.filter((name) => name !== image.attributes.name),
  };
}
