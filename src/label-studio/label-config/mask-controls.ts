import { DatasetGanError } from '../../errors.ts';
import { MASK_CONTROLS, type MaskControl } from './label-config.ts';
import { descendants, parseXmlTags, type XmlTag } from './xml-tags.ts';

/** A mask control as it is written in a label config. */
export const CONTROL_TAGS: Readonly<Record<MaskControl, string>> = {
  brushlabels: 'BrushLabels',
  polygonlabels: 'PolygonLabels',
  bitmasklabels: 'BitmaskLabels',
};

/** The control of the same name whose shapes have no labels of their own: Labels beside it gives them. */
const SHAPES: ReadonlyMap<string, MaskControl> = new Map([
  ['brush', 'brushlabels'],
  ['polygon', 'polygonlabels'],
  ['bitmask', 'bitmasklabels'],
]);

export interface MaskControlTag {
  /** Type of its regions; that of the joined control where shape and labels are apart. */
  readonly type: MaskControl;
  readonly name: string;
  /** With its labels in it. */
  readonly tag: XmlTag;
}

export interface MaskControlTags {
  readonly image: XmlTag;
  /** At least one, in the order of the label config, each with a Label. */
  readonly controls: readonly MaskControlTag[];
  /** Names of what else is shown and annotated: other images, texts … */
  readonly otherObjects: readonly string[];
}

export interface MaskControlChoice {
  /** Only controls of this kind. */
  readonly wanted?: MaskControl | undefined;
  /** Take a Labels beside a Brush, Polygon or Bitmask as the control that draws both at once. */
  readonly joinApart?: boolean;
}

/**
 * The tags of a label config that draw masks, and of the Image they are on: that of the preferred kind of control, where several have some.
 * @throws DatasetGanError `bad-label-config`; the message is one ASCII sentence that says what to change, fit for an HTTP reason phrase
 */
export function findMaskControls(xml: string, { wanted, joinApart = false }: MaskControlChoice = {}): MaskControlTags {
  const tags = descendants(parseXmlTags(xml));
  const images = tags.filter(({ name }) => name === 'image');
  if (images.length === 0) throw refuseLabelConfig('The label config has no Image: add <Image name="image" value="$image"/>');

  const kinds = wanted === undefined ? MASK_CONTROLS : [wanted];
  const all = tags.flatMap((tag) => {
    const type = kinds.find((kind) => kind === tag.name) ?? (joinApart ? shapeBeside(tag, tags)?.type : undefined);
    const image = imageOf(tag, images);
    return type === undefined || image === undefined ? [] : [{ type, name: tag.attributes.name!, tag, image }];
  });
  const preferred = kinds.flatMap((kind) => all.filter(({ type }) => type === kind));
  const first = preferred.find(({ tag }) => labelsOf(tag).length > 0) ?? preferred[0];
  if (first === undefined) throw refuseLabelConfig(whatToAdd(tags, images, kinds));
  const { image } = first;
  const controls = all.filter(({ tag }) => targetsOf(tag).includes(image.attributes.name) && labelsOf(tag).length > 0);
  if (controls.length === 0) throw refuseLabelConfig(whyNoLabels(first.tag));
  const objects = tags
    .filter(({ attributes }) => attributes.name && !attributes.toName)
    .map(({ attributes }) => attributes.name!);
  return { image, controls, otherObjects: objects.filter((name) => name !== image.attributes.name) };
}

/** The labels of a mask control, in order. */
export const labelsOf = (control: XmlTag): XmlTag[] =>
  descendants(control).filter(({ name, attributes }) => name === 'label' && Boolean(attributes.alias || attributes.value));

/** What stands in results: a label's alias if it has one, else its value. */
export const textOfLabel = ({ attributes }: XmlTag): string => attributes.alias || attributes.value!;

/** The control that draws the shapes which this Labels names, if it is one. */
function shapeBeside(tag: XmlTag, tags: readonly XmlTag[]): { readonly type: MaskControl; readonly tag: XmlTag } | undefined {
  if (tag.name !== 'labels') return undefined;
  const own = new Set(targetsOf(tag));
  const shape = tags.find((other) => SHAPES.has(other.name) && targetsOf(other).some((target) => own.has(target)));
  return shape && { type: SHAPES.get(shape.name)!, tag: shape };
}

const targetsOf = ({ attributes }: XmlTag): (string | undefined)[] =>
  attributes.name && attributes.toName ? attributes.toName.split(',').map((target) => target.trim()) : [];

function imageOf(control: XmlTag, images: readonly XmlTag[]): XmlTag | undefined {
  return targetsOf(control)
    .map((target) => images.findLast(({ attributes }) => attributes.name === target))
    .find((image) => image !== undefined);
}

function whatToAdd(tags: readonly XmlTag[], images: readonly XmlTag[], kinds: readonly MaskControl[]): string {
  const apart = tags.map((tag) => (imageOf(tag, images) === undefined ? undefined : shapeBeside(tag, tags))).find(Boolean);
  if (apart !== undefined && kinds.includes(apart.type)) {
    const joined = CONTROL_TAGS[apart.type];
    return `The label config has ${joined.replace('Labels', '')} and Labels as separate tags: use one ${joined} with the same Label tags instead`;
  }
  const tag = CONTROL_TAGS[kinds[0]!];
  const any = orList(kinds.map((kind) => CONTROL_TAGS[kind]));
  return `The label config has no ${any} for its Image: add <${tag} name="parts" toName="image"> with a Label for each part`;
}

function whyNoLabels({ name, attributes }: XmlTag): string {
  const tag = CONTROL_TAGS[name as MaskControl];
  return attributes.value?.startsWith('$')
    ? `The labels of ${tag} come from the task data: write them into the label config as Label tags`
    : `${tag} has no Label: add one for each part`;
}

/** `A, B or C` */
function orList(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), ...names.slice(-1)].filter((part) => part !== '').join(' or ');
}

/** With the place to change it as its fix. */
export const refuseLabelConfig = (sentence: string) =>
  new DatasetGanError('bad-label-config', `${sentence}.`, { fix: 'In the project: Settings, Labeling Interface, Code.' });
