import { DatasetGanError } from '../../errors.ts';
import { UNKNOWN } from '../../masks/label-map.ts';
import { type LabelConfig, MASK_CONTROLS, type MaskControl } from './label-config.ts';
import { descendants, parseXmlTags, type XmlTag } from './xml-tags.ts';

const BACKGROUND = 'background';

/** A mask control as it is written in a label config. */
export const CONTROL_TAGS: Readonly<Record<MaskControl, string>> = {
  brushlabels: 'BrushLabels',
  polygonlabels: 'PolygonLabels',
  bitmasklabels: 'BitmaskLabels',
};

/**
 * Reads a project's label config: the Image, the mask control on it and its labels. BrushLabels are preferred, wherever they stand, then
 * PolygonLabels, then BitmaskLabels. Everything else (View, Style, Header, choices, other images …) is skipped.
 *
 * @param wanted only a control of this kind
 * @throws DatasetGanError `bad-label-config`; the message is one ASCII sentence that says what to change, fit for an HTTP reason phrase
 */
export function parseLabelConfig(xml: string, wanted?: MaskControl): LabelConfig {
  const { control, image } = findMaskControl(xml, wanted);
  const key = /^\$([^\s$]+)$/.exec(image.attributes.value ?? '')?.[1];
  if (key === undefined) throw refuse('The Image of the label config needs a value such as "$image", one picture per task');
  return {
    imageName: image.attributes.name!,
    imageKey: key,
    controlName: control.attributes.name!,
    controlType: control.name as MaskControl,
    ...indexLabels(control),
  };
}

/**
 * The tags of the mask control that `parseLabelConfig` takes, and of its Image.
 * @throws DatasetGanError `bad-label-config` as there
 */
export function findMaskControl(xml: string, wanted?: MaskControl): { readonly control: XmlTag; readonly image: XmlTag } {
  const tags = descendants(parseXmlTags(xml));
  const images = new Map(tags.filter(({ name }) => name === 'image').map((tag) => [tag.attributes.name, tag]));
  if (images.size === 0) throw refuse('The label config has no Image: add <Image name="image" value="$image"/>');

  const controls = (type: string) => tags.filter((tag) => tag.name === type && imageOf(tag, images) !== undefined);
  const candidates = (wanted === undefined ? MASK_CONTROLS : [wanted]).flatMap(controls);
  const control = candidates.find((tag) => labelsOf(tag).length > 0) ?? candidates[0];
  if (control === undefined) {
    const kinds = wanted === undefined ? MASK_CONTROLS : [wanted];
    const tag = CONTROL_TAGS[kinds[0]!];
    const any = orList(kinds.map((kind) => CONTROL_TAGS[kind]));
    throw refuse(
      `The label config has no ${any} for its Image: add <${tag} name="parts" toName="image"> with a Label for each part`,
    );
  }
  return { control, image: imageOf(control, images)! };
}

function imageOf(control: XmlTag, images: ReadonlyMap<string | undefined, XmlTag>): XmlTag | undefined {
  const { name, toName } = control.attributes;
  if (!name || !toName) return undefined;
  return toName
    .split(',')
    .map((target) => images.get(target.trim()))
    .find((image) => image !== undefined);
}

/** The labels of a mask control, in order. */
export const labelsOf = (control: XmlTag): XmlTag[] =>
  descendants(control).filter(({ name, attributes }) => name === 'label' && Boolean(attributes.alias || attributes.value));

function indexLabels(control: XmlTag): Pick<LabelConfig, 'labels' | 'sparse' | 'labelTexts'> {
  const tag = CONTROL_TAGS[control.name as MaskControl];
  const found = labelsOf(control);
  if (found.length === 0) {
    throw refuse(
      control.attributes.value?.startsWith('$')
        ? `The labels of ${tag} come from the task data: write them into the label config as Label tags`
        : `${tag} has no Label: add one for each part`,
    );
  }
  let background: string | undefined;
  const others: string[] = [];
  const texts = new Map<string, string>();
  for (const { attributes } of found) {
    const { alias, value } = attributes;
    const text = alias || value!;
    if ([alias, value].some((name) => name?.trim().toLowerCase() === BACKGROUND)) background ??= text;
    else if (!others.includes(text)) others.push(text);
    for (const name of [alias, value]) if (name && !texts.has(name)) texts.set(name, text);
  }
  if (others.length === 0) throw refuse(`${tag} has only the label Background: add a Label for each part`);
  if (others.length + 1 > UNKNOWN)
    throw refuse(`${tag} has ${others.length} labels: the most that can be learnt is ${UNKNOWN - 1}`);
  const labels = [background ?? 'Background', ...others];
  const index = (text: string) => Math.max(0, labels.indexOf(text));
  return { labels, sparse: background !== undefined, labelTexts: [...texts].map(([name, text]) => [name, index(text)]) };
}

/** `A, B or C` */
function orList(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), ...names.slice(-1)].filter((part) => part !== '').join(' or ');
}

const refuse = (sentence: string) =>
  new DatasetGanError('bad-label-config', `${sentence}.`, { fix: 'In the project: Settings, Labeling Interface, Code.' });
