import { UNKNOWN } from '../../masks/label-map.ts';
import { type LabelConfig, type LabelControl, MASK_CONTROLS } from './label-config.ts';
import {
  findMaskControls,
  labelsOf,
  type MaskControlChoice,
  type MaskControlTag,
  refuseLabelConfig,
  textOfLabel,
} from './mask-controls.ts';

const BACKGROUND = 'background';

/**
 * Reads a project's label config: the Image, the mask controls on it and their labels. A label that several controls have is drawn by BrushLabels
 * before PolygonLabels, before BitmaskLabels. Everything else (View, Style, Header, choices, other images …) is skipped.
 *
 * @param choice which controls count; left out: all
 * @throws DatasetGanError `bad-label-config`; the message is one ASCII sentence that says what to change, fit for an HTTP reason phrase
 */
export function parseLabelConfig(xml: string, choice?: MaskControlChoice): LabelConfig {
  const { controls, image, otherObjects } = findMaskControls(xml, choice);
  const key = /^\$([^\s$]+)$/.exec(image.attributes.value ?? '')?.[1];
  if (key === undefined)
    throw refuseLabelConfig('The Image of the label config needs a value such as "$image", one picture per task');
  return { imageName: image.attributes.name!, imageKey: key, otherObjects, ...indexLabels(controls) };
}

function indexLabels(controls: readonly MaskControlTag[]): Pick<LabelConfig, 'labels' | 'sparse' | 'labelTexts' | 'controls'> {
  const found = controls.flatMap(({ tag }) => labelsOf(tag));
  let background: string | undefined;
  const others = new Set<string>();
  for (const label of found) {
    if (isBackground(label.attributes)) background ??= textOfLabel(label);
    else others.add(textOfLabel(label));
  }
  if (others.size === 0) throw refuseLabelConfig('The label config has only the label Background: add a Label for each part');
  if (others.size + 1 > UNKNOWN)
    throw refuseLabelConfig(`The label config has ${others.size} labels: the maximum is ${UNKNOWN - 1}`);

  const labels = [background ?? 'Background', ...others];
  const indexOf = (text: string) => Math.max(0, labels.indexOf(text));
  // What stands in results comes before the values that aliases hide: an alias may be the value of another label.
  const inResults = new Set(found.map(textOfLabel));
  const texts = new Map<string, number>();
  for (const label of found) {
    const { alias, value } = label.attributes;
    for (const name of [alias, value])
      if (name && !texts.has(name)) texts.set(name, indexOf(inResults.has(name) ? name : textOfLabel(label)));
  }
  return {
    labels,
    sparse: background !== undefined,
    labelTexts: [...texts],
    controls: controlsOf(controls, labels.length, texts),
  };
}

const isBackground = ({ alias, value }: Readonly<Record<string, string>>) =>
  [alias, value].some((name) => name?.trim().toLowerCase() === BACKGROUND);

/** Of each label, the control that draws it. */
function controlsOf(
  controls: readonly MaskControlTag[],
  count: number,
  texts: ReadonlyMap<string, number>,
): readonly LabelControl[] {
  const preferred = MASK_CONTROLS.flatMap((kind) => controls.filter(({ type }) => type === kind));
  const drawn = preferred.map(({ tag }) => new Set(labelsOf(tag).map((label) => texts.get(textOfLabel(label)))));
  return Array.from({ length: count }, (_, label) => {
    const { name, type } = preferred[drawn.findIndex((own) => own.has(label))] ?? preferred[0]!;
    return { name, type };
  });
}
