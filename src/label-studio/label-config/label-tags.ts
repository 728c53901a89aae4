import { DatasetGanError } from '../../errors.ts';
import { descendants, type XmlTag } from './xml-tags.ts';

/** The labels of a control, in order. */
export const labelsOf = (control: XmlTag): XmlTag[] =>
  descendants(control).filter(({ name, attributes }) => name === 'label' && Boolean(attributes.alias || attributes.value));

/** What stands in results: a label's alias if it has one, else its value. */
export const textOfLabel = ({ attributes }: XmlTag): string => attributes.alias || attributes.value!;

/** Names of the objects that a control is for. */
export const targetsOf = ({ attributes }: XmlTag): (string | undefined)[] =>
  attributes.name && attributes.toName ? attributes.toName.split(',').map((target) => target.trim()) : [];

/** The Image that a control draws on, if it draws on one. */
export function imageOf(control: XmlTag, images: readonly XmlTag[]): XmlTag | undefined {
  return targetsOf(control)
    .map((target) => images.findLast(({ attributes }) => attributes.name === target))
    .find((image) => image !== undefined);
}

/** The tag among `shapes` that draws what this Labels names, on the same object. */
export function shapeBeside(tag: XmlTag, tags: readonly XmlTag[], shapes: ReadonlySet<string>): XmlTag | undefined {
  if (tag.name !== 'labels') return undefined;
  const own = new Set(targetsOf(tag));
  return tags.find((other) => shapes.has(other.name) && targetsOf(other).some((target) => own.has(target)));
}

/**
 * Every text that means one of these labels, alias or value, and its index. What stands in results comes before the values that aliases hide: an
 * alias may be the value of another label.
 */
export function indexTexts(found: readonly XmlTag[], indexOf: (text: string) => number): [text: string, index: number][] {
  const inResults = new Set(found.map(textOfLabel));
  const texts = new Map<string, number>();
  for (const label of found) {
    const { alias, value } = label.attributes;
    for (const name of [alias, value])
      if (name && !texts.has(name)) texts.set(name, indexOf(inResults.has(name) ? name : textOfLabel(label)));
  }
  return [...texts];
}

/** With the place to change it as its fix. */
export const refuseLabelConfig = (sentence: string) =>
  new DatasetGanError('bad-label-config', `${sentence}.`, { fix: 'In the project: Settings, Labeling Interface, Code.' });
