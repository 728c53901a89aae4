import { MASK_CONTROLS, type MaskControl } from './label-config.ts';
import { imageOf, labelsOf, shapeBeside, targetsOf } from './label-tags.ts';
import type { XmlTag } from './xml-tags.ts';

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

export interface MaskControlChoice {
  /** Only mask controls of this kind. */
  readonly wanted?: MaskControl | undefined;
  /** Take a Labels beside a Brush, Polygon, Bitmask or KeyPoint as the control that draws both at once. */
  readonly joinApart?: boolean;
}

export interface MaskControlTags {
  /** That of the preferred kind of control, where several have some. */
  readonly image: XmlTag;
  /** Those on it that have a Label, in the order of the label config. */
  readonly controls: readonly MaskControlTag[];
  /** The preferred one; it has no labels where `controls` is empty. */
  readonly first: MaskControlTag;
}

/** The tags of a label config that draw masks, and the Image they are on; undefined where there are none. */
export function findMaskControls(
  tags: readonly XmlTag[],
  images: readonly XmlTag[],
  { wanted, joinApart = false }: MaskControlChoice,
): MaskControlTags | undefined {
  const kinds = wanted === undefined ? MASK_CONTROLS : [wanted];
  const all = tags.flatMap((tag) => {
    const type = kinds.find((kind) => kind === tag.name) ?? (joinApart ? joinedType(tag, tags) : undefined);
    const image = imageOf(tag, images);
    return type === undefined || image === undefined ? [] : [{ type, name: tag.attributes.name!, tag, image }];
  });
  const preferred = kinds.flatMap((kind) => all.filter(({ type }) => type === kind));
  const first = preferred.find(({ tag }) => labelsOf(tag).length > 0) ?? preferred[0];
  if (first === undefined) return undefined;
  const { image } = first;
  const controls = all.filter(({ tag }) => targetsOf(tag).includes(image.attributes.name) && labelsOf(tag).length > 0);
  return { image, controls, first };
}

/** What is to be changed where there is no mask control. One sentence without its full stop. */
export function whichMaskControl(tags: readonly XmlTag[], images: readonly XmlTag[], wanted?: MaskControl): string {
  const kinds = wanted === undefined ? MASK_CONTROLS : [wanted];
  const onImage = tags.filter((tag) => imageOf(tag, images) !== undefined);
  const apart = onImage.map((tag) => joinedType(tag, tags)).find((type) => type !== undefined);
  if (apart !== undefined && kinds.includes(apart)) return useOne(CONTROL_TAGS[apart]);
  if (wanted === undefined && onImage.some((tag) => shapeBeside(tag, tags, new Set(['keypoint'])) !== undefined))
    return useOne('KeyPointLabels');
  const tag = CONTROL_TAGS[kinds[0]!];
  const any = orList([...kinds.map((kind) => CONTROL_TAGS[kind]), ...(wanted === undefined ? ['KeyPointLabels'] : [])]);
  return `The label config has no ${any} for its Image: add <${tag} name="parts" toName="image"> with a Label for each part`;
}

/** Why a control has no labels. One sentence without its full stop. */
export function whyNoLabels({ name, attributes }: XmlTag): string {
  const isMask = name in CONTROL_TAGS;
  const tag = isMask ? CONTROL_TAGS[name as MaskControl] : 'KeyPointLabels';
  return attributes.value?.startsWith('$')
    ? `The labels of ${tag} come from the task data: write them into the label config as Label tags`
    : `${tag} has no Label: add one for each ${isMask ? 'part' : 'keypoint'}`;
}

/** Type of the control that draws at once the shapes which this Labels names, if it does. */
function joinedType(tag: XmlTag, tags: readonly XmlTag[]): MaskControl | undefined {
  const shape = shapeBeside(tag, tags, new Set(SHAPES.keys()));
  return shape && SHAPES.get(shape.name);
}

const useOne = (joined: string) =>
  `The label config has ${joined.replace('Labels', '')} and Labels as separate tags: use one ${joined} with the same Label tags instead`;

/** `A, B or C` */
function orList(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), ...names.slice(-1)].filter((part) => part !== '').join(' or ');
}
