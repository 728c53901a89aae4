import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { DatasetGanError } from '../../errors.ts';

export interface XmlTag {
  /** Lower case: Label Studio's editor does not look at the case of tags. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlTag[];
}

/** A label config is a few kilobytes; a megabyte is a mistake or an attack. */
const MAX_CHARACTERS = 1_000_000;

const ATTRIBUTES = ':@';

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // Turns on numeric entities (&#233;). Those that a document defines itself are refused below.
  htmlEntities: true,
  maxNestedTags: 100,
});

/**
 * The root tag of a label config. Comments and texts are left out.
 * @throws DatasetGanError `bad-label-config` with one ASCII sentence
 */
export function parseXmlTags(xml: string): XmlTag {
  const refuse = (reason: string, cause?: unknown) =>
    new DatasetGanError('bad-label-config', `The label config ${reason}.`, {
      fix: 'Correct it in the project: Settings, Labeling Interface, Code.',
      cause,
    });
  if (xml.length > MAX_CHARACTERS) throw refuse('is larger than 1 MB');
  // Label Studio refuses them too; without them there are no entities that expand to gigabytes.
  if (/<!DOCTYPE/i.test(xml)) throw refuse('has a DOCTYPE, which is not allowed');
  const valid = XMLValidator.validate(xml);
  if (valid !== true) throw refuse(`is not well-formed XML (line ${valid.err.line})`);
  let nodes: unknown;
  try {
    nodes = parser.parse(xml);
  } catch (cause) {
    throw refuse('is not valid XML', cause);
  }
  const [root, ...others] = tagsOf(nodes);
  if (root === undefined || others.length > 0) throw refuse('is empty or has several root tags');
  return root;
}

/** All tags below and including `tag`, in document order. */
export function descendants(tag: XmlTag): XmlTag[] {
  return [tag, ...tag.children.flatMap(descendants)];
}

function tagsOf(nodes: unknown): XmlTag[] {
  const tags: XmlTag[] = [];
  for (const node of nodes as Record<string, unknown>[]) {
    for (const [name, children] of Object.entries(node)) {
      if (name === ATTRIBUTES || name === '#text') continue;
      const attributes = (node[ATTRIBUTES] ?? {}) as Record<string, string>;
      tags.push({ name: name.toLowerCase(), attributes, children: tagsOf(children) });
    }
  }
  return tags;
}
