import type { ProjectDetail } from '../../../api/answers.ts';
import type { Rgb } from './overlay.ts';

/** A label or keypoint, as the legend lists it. */
export interface ShownLabel {
  readonly name: string;
  readonly colour: Rgb;
  /** Pixels of nothing else: not drawn unless wanted. */
  readonly isBackground: boolean;
}

/** Of a background that the label config does not have. */
const GREY: Rgb = [128, 128, 128];

type Coloured = Pick<ProjectDetail, 'labels' | 'keypoints' | 'colours'>;

/** Labels of the project with the colours of its label config. @param parse what CSS means by a colour */
export function shownLabels({ labels, colours }: Coloured, parse: (css: string) => Rgb): ShownLabel[] {
  return labels.map((name, index) => {
    const css = colours.labels[index] ?? null;
    return { name, colour: css === null ? GREY : parse(css), isBackground: index === 0 };
  });
}

/** Colours of a label map's numbers; undefined for what is not drawn. @param labels their names, which a version or the truth may call otherwise */
export function coloursOf(
  labels: readonly string[],
  shown: readonly ShownLabel[],
  hidden: ReadonlySet<string>,
): (Rgb | undefined)[] {
  const known = new Map(shown.map((label) => [label.name.toLowerCase(), label]));
  return labels.map((name, index) => {
    const label = known.get(name.toLowerCase());
    if (label === undefined) return index === 0 || hidden.has(OTHERS) ? undefined : spareColour(index);
    return hidden.has(label.name) ? undefined : label.colour;
  });
}

/** In `hidden`: labels that the project no longer has. No label is called so. */
export const OTHERS = '\0others';

/** A colour of its own for each number: turns of the golden angle, none of them pale. */
export function spareColour(index: number): Rgb {
  const hue = (index * 137.508) % 360;
  const channel = (n: number) => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * (0.5 - 0.35 * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}
