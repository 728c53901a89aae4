import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useLive } from '../../live.ts';
import { texts } from '../../texts.ts';

/** Why pictures take their time: what runs now goes before them. */
export function WaitNote(): VNode | null {
  const { jobs } = useLive();
  const isBusy = jobs.some(({ kind, state }) => (kind === 'train' || kind === 'validate') && state === 'running');
  return isBusy ? html`<p class="look-note" role="status">${texts.look.trainingFirst}</p>` : null;
}
