import { UNKNOWN } from '../../masks/label-map.ts';
import { findControls } from './find-controls.ts';
import type { KeypointControlTag } from './keypoint-controls.ts';
import { type LabelConfig, type LabelControl, MASK_CONTROLS } from './label-config.ts';
import { indexTexts, labelsOf, refuseLabelConfig, textOfLabel } from './label-tags.ts';
import type { MaskControlChoice, MaskControlTag } from './mask-controls.ts';

const BACKGROUND = 'background';
const MOST_LABELS = UNKNOWN - 1;

/**
 * Reads a project's label config: the Image, the controls on it that draw masks or keypoints, and their labels. A label that several mask controls have is
 * drawn by BrushLabels before PolygonLabels, before BitmaskLabels; a keypoint by the first that has it. Everything else (View, Style, Header, choices,
 * other images …) is skipped.
 *
 * @param choice which controls count; left out: all
 * @throws DatasetGanError `bad-label-config`; the message is one ASCII sentence that says what to change, fit for an HTTP reason phrase
 */
export function parseLabelConfig(xml: string, choice?: MaskControlChoice): LabelConfig {
  const { masks, keypoints, boxes, image, otherObjects } = findControls(xml, choice);
  const key = /^\$([^\s$]+)$/.exec(image.attributes.value ?? '')?.[1];
  if (key === undefined)
    throw refuseLabelConfig('The Image of the label config needs a value such as "$image", one picture per task');
  const imageName = image.attributes.name!;
  return { imageName, imageKey: key, otherObjects, boxControls: boxes, ...indexLabels(masks), ...indexKeypoints(keypoints) };
}

function indexLabels(controls: readonly MaskControlTag[]): Pick<LabelConfig, 'labels' | 'sparse' | 'labelTexts' | 'controls'> {
  const found = controls.flatMap(({ tag }) => labelsOf(tag));
  let background: string | undefined;
  const others = new Set<string>();
  for (const label of found) {
    if (isBackground(label.attributes)) background ??= textOfLabel(label);
    else others.add(textOfLabel(label));
  }
  if (found.length > 0 && others.size === 0)
    throw refuseLabelConfig('The label config has only the label Background: add a Label for each part');
  if (others.size > MOST_LABELS)
    throw refuseLabelConfig(`The label config has ${others.size} labels: the maximum is ${MOST_LABELS}`);

  const labels = [background ?? 'Background', ...others];
  const labelTexts = indexTexts(found, (text) => Math.max(0, labels.indexOf(text)));
  return {
    labels,
    sparse: background !== undefined,
    labelTexts,
    controls: controls.length === 0 ? [] : controlsOf(controls, labels.length, new Map(labelTexts)),
  };
}

function indexKeypoints(
  controls: readonly KeypointControlTag[],
): Pick<LabelConfig, 'keypoints' | 'keypointControls' | 'keypointTexts'> {
  const found = controls.flatMap(({ labels }) => labels);
  const keypoints = [...new Set(found.map(textOfLabel))];
  if (keypoints.length > MOST_LABELS)
    throw refuseLabelConfig(`The label config has ${keypoints.length} keypoints: the maximum is ${MOST_LABELS}`);
  const drawnBy = (text: string) => controls.find(({ labels }) => labels.some((label) => textOfLabel(label) === text))!.name;
  return {
    keypoints,
    keypointControls: keypoints.map(drawnBy),
    keypointTexts: indexTexts(found, (text) => keypoints.indexOf(text)),
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
