import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { Slips } from '../../../api/answers.ts';
import { number, percent } from '../../format.ts';
import { External } from '../../parts/external.ts';
import { PagedTable } from '../../parts/paged-table.ts';
import type { Column } from '../../parts/table.ts';
import { texts } from '../../texts.ts';

const t = texts.project.slips;
const PAGE_SIZE = 20;

type Region = Slips['regions'][number];
type Point = Slips['points'][number];

const taskColumn: Column<{ readonly task: number; readonly url: string }> = {
  name: t.task,
  of: ({ task, url }) => html`<${External} href=${url}>${t.taskNumber(task)}<//>`,
};

const REGIONS: readonly Column<Region>[] = [
  taskColumn,
  { name: t.drawn, of: ({ label }) => label },
  { name: t.seen, of: ({ seen }) => seen },
  { name: t.share, of: ({ share }) => percent(share), right: true },
  { name: t.usual, of: ({ usualShare }) => percent(usualShare), right: true },
  { name: t.pixels, of: ({ pixels }) => number(pixels), right: true },
];

const POINTS: readonly Column<Point>[] = [
  taskColumn,
  { name: t.keypoint, of: ({ keypoint }) => keypoint },
  { name: t.distance, of: ({ distance }) => t.px(number(distance)), right: true },
  { name: t.usual, of: ({ usualDistance }) => t.px(number(usualDistance)), right: true },
  { name: t.markedThere, of: ({ markedThere }) => markedThere ?? '–' },
];

/** Annotations that are probably mistakes, with the way to each. */
export function SlipsPanel({ slips: { version, regions, points } }: { readonly slips: Slips }): VNode {
  return html`
    <section class="panel">
      <h2>${t.title}</h2>
      <p class="muted">${version === null ? t.notYet : regions.length + points.length === 0 ? t.none : t.text}</p>
      ${
        regions.length > 0 &&
        html`<${PagedTable} caption=${t.regions} columns=${REGIONS} rows=${regions} size=${PAGE_SIZE}
        keyOf=${({ task, label, seen }: Region) => `${task} ${label} ${seen}`} />`
      }
      ${
        points.length > 0 &&
        html`<${PagedTable} caption=${t.points} columns=${POINTS} rows=${points} size=${PAGE_SIZE}
        keyOf=${({ task, keypoint }: Point) => `${task} ${keypoint}`} />`
      }
    </section>
  `;
}
