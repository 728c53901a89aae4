import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { DatasetDetail } from '../../../api/answers.ts';
import { percent } from '../../format.ts';
import { texts } from '../../texts.ts';

const SIGNS = { queued: '…', running: '▶', paused: '❚❚', completed: '✓', failed: '✗', cancelled: '–' } as const;

/** The state of a dataset in a word and a sign; while it runs, how far its job is. */
export function DatasetState({ of: { state, job } }: { readonly of: Pick<DatasetDetail, 'state' | 'job'> }): VNode {
  const far = state === 'running' && job !== null && job.total > 0 ? ` ${percent(job.done / job.total)}` : '';
  return html`<span class=${`dataset-state dataset-${state}`}><span aria-hidden="true">${SIGNS[state]} </span>${texts.datasets.states[state]}${far}</span>`;
}
