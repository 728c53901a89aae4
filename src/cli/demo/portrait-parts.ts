import type { LabelMap } from '../../masks/label-map.ts';
import { UNKNOWN } from '../../masks/label-map.ts';
import { PARTS, type Part } from '../../stylegan/portraits/parts.ts';

/** A colour for each part that stands out from its neighbours. */
const COLOURS: Readonly<Record<Part, string>> = {
  background: '#f2f2f2',
  hair: '#e6194b',
  face: '#ffe119',
  ear: '#f58231',
  neck: '#bfef45',
  clothing: '#4363d8',
  eye: '#42d4f4',
  iris: '#911eb4',
  brow: '#9a6324',
  nose: '#3cb44b',
  mouth: '#f032e6',
  glasses: '#469990',
};

export const partColour = (label: string): string => COLOURS[label.toLowerCase() as Part] ?? '#808080';

/** The demo's label config: a brush for every part. It needs no label Background: whoever paints parts up to their edges says that the rest is background. */
export const PORTRAIT_LABEL_CONFIG = `<View>
  <Image name="image" value="$image" zoom="true" zoomControl="true"/>
  <BrushLabels name="parts" toName="image">
${PARTS.slice(1)
  .map((part) => `    <Label value="${part}" background="${COLOURS[part]}"/>`)
  .join('\n')}
  </BrushLabels>
</View>
`;

/** A truth's parts as indices into a project's labels, by name; a part that the project does not have becomes UNKNOWN. */
export function truthInLabels(truth: LabelMap, labels: readonly string[]): LabelMap {
  const names = labels.map((label) => label.toLowerCase());
  const indices = PARTS.map((part) => {
    const index = names.indexOf(part);
    return index === -1 ? UNKNOWN : index;
  });
  return { width: truth.width, height: truth.height, data: truth.data.map((part) => indices[part]!) };
}
