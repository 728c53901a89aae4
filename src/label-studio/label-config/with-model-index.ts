import { XMLBuilder, XMLParser } from 'fast-xml-parser';

/** Everything is kept as it stands: comments, white space, and texts with their entities. */
const VERBATIM = {
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  commentPropName: '#comment',
  cdataPropName: '#cdata',
  trimValues: false,
  processEntities: false,
};
const parser = new XMLParser({ ...VERBATIM, parseTagValue: false, parseAttributeValue: false, maxNestedTags: 100 });
const builder = new XMLBuilder({ ...VERBATIM, suppressEmptyNode: true, suppressBooleanAttributes: false });

const ATTRIBUTES = ':@';
type Node = Record<string, unknown>;

/**
 * A label config whose keypoint labels have a `model_index` each: without, Label Studio's own COCO export of keypoints fails. Those that are there
 * stay, the others get the free numbers from 0 on.
 * @param xml one that parseXmlTags accepts
 */
export function withModelIndex(xml: string): string {
  const nodes = parser.parse(xml) as Node[];
  const labels = keypointLabels(nodes, false);
  const used = new Set(labels.map(({ model_index: index }) => index));
  const bare = labels.filter(({ model_index: index }) => index === undefined);
  if (bare.length === 0) return xml;
  let next = 0;
  for (const label of bare) {
    while (used.has(String(next))) next++;
    label.model_index = String(next++);
  }
  return builder.build(nodes) as string;
}

/** The attributes of all labels in KeyPointLabels. */
function keypointLabels(nodes: readonly Node[], inside: boolean): Record<string, string>[] {
  return nodes.flatMap((node) =>
    Object.entries(node).flatMap(([name, children]) => {
      if (name === ATTRIBUTES || !Array.isArray(children)) return [];
      const tag = name.toLowerCase();
      const attributes = inside && tag === 'label' ? (node[ATTRIBUTES] as Record<string, string> | undefined) : undefined;
      const others = keypointLabels(children as Node[], inside || tag === 'keypointlabels');
      return attributes === undefined ? others : [attributes, ...others];
    }),
  );
}
