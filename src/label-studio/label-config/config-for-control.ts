import { escapeXml } from '../../escape-text.ts';
import type { MaskControl } from './label-config.ts';
import { CONTROL_TAGS, findMaskControls, labelsOf, type MaskControlTag, textOfLabel } from './mask-controls.ts';
import { parseLabelConfig } from './parse-label-config.ts';
import type { XmlTag } from './xml-tags.ts';

/**
 * The label config of a project that shows the same labels as this one, in the same order and colours: the config itself where it draws all of them
 * as wanted, else the smallest one that has the same Image, mask controls and Label tags, with all their attributes.
 * @param wanted what draws the masks; left out: whatever does now
 * @param needed texts of labels that there must be; those that the config does not have (any more) come last
 * @throws DatasetGanError `bad-label-config` as parseLabelConfig
 */
export function configForControl(xml: string, wanted?: MaskControl, needed: readonly string[] = []): string {
  const { controls, image } = findMaskControls(xml, { joinApart: true });
  const known = new Map(parseLabelConfig(xml, { joinApart: true }).labelTexts);
  const lacking = needed.filter((label) => !known.has(label)).map((value) => ({ value }));
  if (lacking.length === 0 && drawsAll(controls, wanted)) return xml;
  const written = wanted === undefined ? controls : withEachLabelOnce(controls);
  // Bitmasks are exact: smoothed, their edges would look half a pixel off (Label Studio's documentation of the tag).
  const picture = { ...image.attributes, ...(wanted === 'bitmasklabels' ? { smoothing: 'false' } : {}) };
  return [
    '<View>',
    `  <Image${attributesOf(picture)}/>`,
    ...written.flatMap(({ type, name, tag }, i) => {
      const control = CONTROL_TAGS[wanted ?? type];
      const labels = [...labelsOf(tag).map(({ attributes }) => attributes), ...(i === written.length - 1 ? lacking : [])];
      return [
        `  <${control}${attributesOf({ name, toName: image.attributes.name! })}>`,
        ...labels.map((label) => `    <Label${attributesOf(label)}/>`),
        `  </${control}>`,
      ];
    }),
    '</View>',
  ].join('\n');
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

function attributesOf(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join('');
}
