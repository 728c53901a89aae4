import { parseLabelConfig } from './parse-label-config.ts';
import { descendants, parseXmlTags } from './xml-tags.ts';

/** Controls that draw regions which are neither masks nor keypoints with a label, by their lower-case tags. */
const MASKLESS: Readonly<Record<string, string>> = {
  keypoint: 'KeyPoint',
  rectangle: 'Rectangle',
  rectanglelabels: 'RectangleLabels',
  ellipse: 'Ellipse',
  ellipselabels: 'EllipseLabels',
  vector: 'Vector',
  vectorlabels: 'VectorLabels',
  cuboid: 'Cuboid',
  cuboidlabels: 'CuboidLabels',
};

/**
 * The controls whose regions teach nothing: one line each, such as `RectangleLabels 'box' has no effect on training: its regions are not masks`.
 * @throws DatasetGanError `bad-label-config`
 */
export function masklessControls(xml: string): string[] {
  const { imageName, boxControls } = parseLabelConfig(xml);
  return descendants(parseXmlTags(xml)).flatMap(({ name, attributes }) => {
    const targets = attributes.toName?.split(',').map((target) => target.trim()) ?? [];
    const tag = MASKLESS[name];
    if (tag === undefined || !targets.includes(imageName) || boxControls.includes(attributes.name ?? '')) return [];
    return [`${tag} '${attributes.name ?? ''}' has no effect on training: its regions are not masks`];
  });
}
