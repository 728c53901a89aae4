import { DatasetGanError } from '../../errors.ts';
import { UNKNOWN } from '../../masks/label-map.ts';
import { type LabelConfig, MASK_CONTROLS, type MaskControl } from './label-config.ts';
import { parseLabelConfig } from './parse-label-config.ts';

/**
 * A project's label config with the labels of every kind of mask control on its Image, for reading what people drew: a project may have BrushLabels,
 * PolygonLabels and BitmaskLabels beside each other, with labels of their own.
 * @throws DatasetGanError `bad-label-config`
 */
export function allMaskLabels(xml: string): LabelConfig {
  const configs = maskControls(xml);
  const first = configs[0]!;
  const backgrounds = configs.filter(({ sparse }) => sparse).map(({ labels }) => labels[0]!);
  const labels = [backgrounds[0] ?? first.labels[0]!, ...new Set(configs.flatMap((config) => config.labels.slice(1)))];
  if (labels.length > UNKNOWN)
    throw new DatasetGanError(
      'bad-label-config',
      `The label config has ${labels.length - 1} labels; an 8-bit mask has room for ${UNKNOWN - 1}.`,
      { fix: 'Take labels away in the project: Settings, Labeling Interface, Code.' },
    );
  const texts = configs.flatMap((config) => config.labelTexts.map(([text, index]) => [text, config.labels[index]!] as const));
  const indexOf = (label: string) => Math.max(0, labels.indexOf(label));
  const labelTexts = [...new Map(texts.toReversed())].map(([text, label]) => [text, indexOf(label)] as const);
  return { ...first, labels, sparse: backgrounds.length > 0, labelTexts };
}

/**
 * The label config as each kind of mask control on its Image has it, the preferred kind first.
 * @throws DatasetGanError `bad-label-config` when there is none
 */
export function maskControls(xml: string): LabelConfig[] {
  const first = parseLabelConfig(xml);
  const others = MASK_CONTROLS.filter((kind) => kind !== first.controlType).flatMap((kind) => controlOf(xml, kind) ?? []);
  return [first, ...others.filter(({ imageName }) => imageName === first.imageName)];
}

function controlOf(xml: string, kind: MaskControl): LabelConfig | undefined {
  try {
    return parseLabelConfig(xml, kind);
  } catch (thrown) {
    if (thrown instanceof DatasetGanError && thrown.code === 'bad-label-config') return undefined;
    throw thrown;
  }
}
