import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { bytes, moment, number } from '../../format.ts';
import { texts } from '../../texts.ts';
import type { DatasetPartProps } from './dataset-part-props.ts';

const t = texts.dataset;

/** Counts and sizes of a dataset. */
export function DatasetSummary({ dataset }: DatasetPartProps): VNode {
  const { delivered, asked, dropped, candidates, known, bytes: stored, bytesToCome, createdAt, finishedAt } = dataset;
  return html`
    <dl class="facts">
      <dt>${t.pairs}</dt><dd>${t.pairsOf(number(delivered), number(asked))}</dd>
      ${candidates > 0 && html`<dt>${t.dropped}</dt><dd>${t.droppedOf(number(dropped), number(candidates))}</dd>`}
      ${known > 0 && html`<dt>${t.known}</dt><dd>${number(known)}</dd>`}
      <dt>${t.stored}</dt><dd>${bytesToCome === 0 ? bytes(stored) : t.toCome(bytes(stored), bytes(bytesToCome))}</dd>
      <dt>${t.ordered}</dt><dd>${moment(createdAt)}</dd>
      ${finishedAt !== null && html`<dt>${t.finished}</dt><dd>${moment(finishedAt)}</dd>`}
    </dl>
  `;
}
