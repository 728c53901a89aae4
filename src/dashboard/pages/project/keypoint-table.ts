import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { KeypointCurve } from '../../../api/answers.ts';
import { number, percent } from '../../format.ts';
import { type Column, Table } from '../../parts/table.ts';
import { texts } from '../../texts.ts';

const t = texts.project.quality;

interface KeypointRow {
  readonly name: string;
  readonly pck: number | null;
  readonly medianPx: number | null;
}

const COLUMNS: readonly Column<KeypointRow>[] = [
  { name: t.keypoint, of: ({ name }) => name },
  { name: t.found, of: ({ pck }) => (pck === null ? t.onePicture : percent(pck)), right: true },
  { name: t.median, of: ({ medianPx }) => (medianPx === null ? '–' : t.px(number(medianPx, 1))), right: true },
];

/** How well each keypoint is found by one version. */
export function KeypointTable({ point }: { readonly point: KeypointCurve[number] }): VNode {
  const rows = Object.entries(point.keypoints).map(([name, figures]) => ({ name, ...figures }));
  return html`<${Table} caption=${t.keypointTable} columns=${COLUMNS} rows=${rows} keyOf=${({ name }: KeypointRow) => name} />`;
}
