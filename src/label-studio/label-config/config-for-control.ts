import { escapeXml } from '../../escape-text.ts';
import { findControls } from './find-controls.ts';
import type { KeypointControlTag } from './keypoint-controls.ts';
import type { MaskControl } from './label-config.ts';
import { labelsOf, textOfLabel } from './label-tags.ts';
import { CONTROL_TAGS, type MaskControlTag } from './mask-controls.ts';
import { parseLabelConfig } from './parse-label-config.ts';
import { isVisibility } from './visibility-choices.ts';
import { withModelIndex } from './with-model-index.ts';
import { descendants, parseXmlTags, type XmlTag } from './xml-tags.ts';

/** Texts of labels that there must be; those that the config does not have (any more) come last. */
export interface NeededLabels {
  readonly labels?: readonly string[];
  readonly keypoints?: readonly string[];
}

type Attributes = Readonly<Record<string, string>>;

/**
 * The label config of a project that shows the same labels as this one, in the same order and colours: the config itself where it draws all of them
 * as wanted, else the smallest one that has the same Image, mask and keypoint controls and Label tags, with all their attributes. Its keypoints have a
 * `model_index` (withModelIndex).
 * @param wanted what draws the masks; left out: whatever does now
 * @throws DatasetGanError `bad-label-config` as parseLabelConfig
 */
export function configForControl(xml: string, wanted?: MaskControl, needed: NeededLabels = {}): string {
  const { masks, keypoints, image } = findControls(xml, { joinApart: true });
  const { labelTexts, keypointTexts } = parseLabelConfig(xml, { joinApart: true });
  const lackingLabels = lacking(needed.labels, labelTexts);
  const lackingKeypoints = lacking(needed.keypoints, keypointTexts);
  const isComplete = lackingLabels.length + lackingKeypoints.length === 0;
  if (isComplete && drawsAll(masks, wanted) && keypoints.every(({ tag }) => tag.name === 'keypointlabels'))
    return withModelIndex(xml);
  // Bitmasks are exact: smoothed, their edges would look half a pixel off (Label Studio's documentation of the tag).
  const picture = { ...image.attributes, ...(wanted === 'bitmasklabels' ? { smoothing: 'false' } : {}) };
  const toName = image.attributes.name!;
  const written = [
    '<View>',
    `  <Image${attributesOf(picture)}/>`,
    ...[
      ...withMore(maskControls(wanted === undefined ? masks : withEachLabelOnce(masks), wanted), lackingLabels, {
        tag: CONTROL_TAGS[wanted ?? 'brushlabels'],
        attributes: { name: freeName(xml, 'parts') },
      }),
      ...withMore(keypointControls(keypoints), lackingKeypoints, {
        tag: 'KeyPointLabels',
        attributes: { name: freeName(xml, 'keypoints') },
      }),
    ].flatMap(({ tag, attributes, labels }) => [
      `  <${tag}${attributesOf({ ...attributes, toName })}>`,
      ...labels.map((label) => `    <Label${attributesOf(label)}/>`),
      `  </${tag}>`,
    ]),
    ...descendants(parseXmlTags(xml)).flatMap((tag) => (isVisibility(tag) ? visibility(tag, toName) : [])),
    '</View>',
  ].join('\n');
  return withModelIndex(written);
}

interface Written {
  readonly tag: string;
  /** But for its object. */
  readonly attributes: Attributes;
  readonly labels: readonly Attributes[];
}

const lacking = (texts: readonly string[] = [], known: readonly (readonly [string, number])[]): Attributes[] => {
  const own = new Map(known);
  return texts.filter((text) => !own.has(text)).map((value) => ({ value }));
};

const maskControls = (masks: readonly MaskControlTag[], wanted: MaskControl | undefined): Written[] =>
  masks.map(({ type, name, tag }) => ({
    tag: CONTROL_TAGS[wanted ?? type],
    attributes: { name },
    labels: labelsOf(tag).map(({ attributes }) => attributes),
  }));

const keypointControls = (controls: readonly KeypointControlTag[]): Written[] =>
  controls.map(({ name, tag, labels }) => ({
    tag: 'KeyPointLabels',
    attributes: { name, ...(tag.attributes.smart === undefined ? {} : { smart: tag.attributes.smart }) },
    labels: labels.map(({ attributes }) => attributes),
  }));

/** The last control gets the labels that are lacking, or a new one where there is none. */
function withMore(controls: readonly Written[], labels: readonly Attributes[], fresh: Omit<Written, 'labels'>): Written[] {
  if (labels.length === 0) return [...controls];
  const last = controls.at(-1) ?? { ...fresh, labels: [] };
  return [...controls.slice(0, -1), { ...last, labels: [...last.labels, ...labels] }];
}

/** A name that nothing in the config has. */
function freeName(xml: string, name: string): string {
  const names = new Set(descendants(parseXmlTags(xml)).map(({ attributes }) => attributes.name));
  let free = name;
  for (let number = 2; names.has(free); number++) free = `${name}-${number}`;
  return free;
}

function visibility({ attributes, children }: XmlTag, toName: string): string[] {
  return [
    `  <Choices${attributesOf({ ...attributes, toName })}>`,
    ...children.filter(({ name }) => name === 'choice').map((choice) => `    <Choice${attributesOf(choice.attributes)}/>`),
    '  </Choices>',
  ];
}

function drawsAll(controls: readonly MaskControlTag[], wanted: MaskControl | undefined): boolean {
  const textsOf = (some: readonly MaskControlTag[]) => new Set(some.flatMap(({ tag }) => labelsOf(tag).map(textOfLabel)));
  const own = controls.filter(({ type, tag }) => tag.name === (wanted ?? type));
  return textsOf(controls).size === textsOf(own).size;
}

/** Controls of one kind need no label twice. */
function withEachLabelOnce(controls: readonly MaskControlTag[]): MaskControlTag[] {
  const seen = new Set<string>();
  const isNew = (label: XmlTag) => !seen.has(textOfLabel(label)) && seen.add(textOfLabel(label)) !== undefined;
  return controls
    .map((control) => ({ ...control, tag: { ...control.tag, children: labelsOf(control.tag).filter(isNew) } }))
    .filter(({ tag }) => tag.children.length > 0);
}

function attributesOf(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join('');
}
