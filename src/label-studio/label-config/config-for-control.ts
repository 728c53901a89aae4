import { escapeXml } from '../../escape-text.ts';
import type { MaskControl } from './label-config.ts';
import { CONTROL_TAGS, findMaskControl, labelsOf, parseLabelConfig } from './parse-label-config.ts';

/**
 * The label config of a project that shows the same labels as this one, in the same order and colours, with masks drawn by `wanted`: the config
 * itself where that is what it draws with, else the smallest one that has the same Image and Label tags, with all their attributes.
 * @param needed texts of labels that there must be; those that the config does not have (any more) come last
 * @throws DatasetGanError `bad-label-config` as parseLabelConfig
 */
export function configForControl(xml: string, wanted: MaskControl, needed: readonly string[] = []): string {
  const { control, image } = findMaskControl(xml);
  const known = new Map(parseLabelConfig(xml).labelTexts);
  const lacking = needed.filter((label) => !known.has(label)).map((value) => ({ value }));
  if (control.name === wanted && lacking.length === 0) return xml;
  const tag = CONTROL_TAGS[wanted];
  // Bitmasks are exact: smoothed, their edges would look half a pixel off (Label Studio's documentation of the tag).
  const picture = { ...image.attributes, ...(wanted === 'bitmasklabels' ? { smoothing: 'false' } : {}) };
  const labels = [...labelsOf(control).map(({ attributes }) => attributes), ...lacking];
  const { name, toName } = { name: control.attributes.name!, toName: image.attributes.name! };
  return [
    '<View>',
    `  <Image${written(picture)}/>`,
    `  <${tag}${written({ name, toName })}>`,
    ...labels.map((label) => `    <Label${written(label)}/>`),
    `  </${tag}>`,
    '</View>',
  ].join('\n');
}

function written(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join('');
}
