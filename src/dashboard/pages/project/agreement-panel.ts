import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { ProjectAgreement } from '../../../api/answers.ts';
import { number, share } from '../../format.ts';
import { External } from '../../parts/external.ts';
import { PagedTable } from '../../parts/paged-table.ts';
import { type Column, Table } from '../../parts/table.ts';
import { texts } from '../../texts.ts';

const t = texts.project.agreement;
const PAGE_SIZE = 20;

type Picture = ProjectAgreement['pictures'][number];

interface Named {
  readonly name: string;
  readonly agreed: string;
  readonly pictures: number;
}

const NAMES: readonly Column<Named>[] = [
  { name: t.name, of: ({ name }) => name },
  { name: t.agreed, of: ({ agreed }) => agreed, right: true },
  { name: t.pictures, of: ({ pictures }) => number(pictures), right: true },
];

const PICTURES: readonly Column<Picture>[] = [
  { name: t.task, of: ({ task, url }) => html`<${External} href=${url}>${texts.project.slips.taskNumber(task)}<//>` },
  { name: t.agreed, of: byName },
  { name: t.counts, of: ({ counted }) => t.annotation(counted.annotation, counted.user) },
  { name: t.other, of: ({ other }) => t.annotation(other.annotation, other.user) },
];

/** `Hair 0.80, nose 2.5 px` */
function byName({ iou, distances }: Picture): string {
  return [
    ...Object.entries(iou).map(([label, value]) => `${label} ${share(value)}`),
    ...Object.entries(distances).map(([keypoint, pixels]) => `${keypoint} ${texts.project.slips.px(number(pixels, 1))}`),
  ].join(', ');
}

/** How far people agree where several annotated the same picture. Nothing where nobody did. */
export function AgreementPanel({ agreement }: { readonly agreement: ProjectAgreement }): VNode | null {
  const { labels, keypoints, pictures } = agreement;
  if (pictures.length === 0) return null;
  const rows: readonly Named[] = [
    ...Object.entries(labels).map(([name, of]) => ({ name, agreed: t.iou(share(of.iou)), pictures: of.pictures })),
    ...Object.entries(keypoints).map(([name, of]) => ({ name, agreed: t.apart(number(of.distance, 1)), pictures: of.pictures })),
  ];
  return html`
    <section class="panel">
      <h2>${t.title}</h2>
      <p class="muted">${t.text}</p>
      <${Table} caption=${t.title} columns=${NAMES} rows=${rows} keyOf=${({ name }: Named) => name} />
      <${PagedTable} caption=${t.byPicture} columns=${PICTURES} rows=${pictures} size=${PAGE_SIZE}
        keyOf=${({ counted, other }: Picture) => `${counted.annotation} ${other.annotation}`} />
    </section>
  `;
}
