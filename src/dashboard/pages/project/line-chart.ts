import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { share } from '../../format.ts';
import { Chart } from '../../parts/chart.ts';
import { texts } from '../../texts.ts';
import type { NamedLine } from './curve-lines.ts';

interface LineChartProps {
  readonly label: string;
  readonly pictures: readonly { readonly annotatedImages: number }[];
  readonly lines: readonly NamedLine[];
  /** Of the label config, by label or keypoint. */
  readonly colours: readonly (string | null)[];
}

/** A line for each label or keypoint, in the colour in which Label Studio draws it, over the number of annotated pictures. */
export function LineChart({ label, pictures, lines, colours }: LineChartProps): VNode {
  const series = lines.map(({ name, y, index }) => ({ name, y, colour: colours[index] ?? '--muted', dashed: index < 0 }));
  const x = pictures.map(({ annotatedImages }) => annotatedImages);
  return html`<${Chart} label=${label} xName=${texts.project.quality.pictures} x=${x} whole series=${series} range=${[0, 1]} yText=${share} />`;
}
