import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { Job } from '../../api/answers.ts';
import { duration, number } from '../format.ts';
import { texts } from '../texts.ts';

const t = texts.common;

/** How far a job is: what it does, a bar, and the time that is left. */
export function Progress({ job }: { readonly job: Job }): VNode {
  const { kind, phase, state, done, total, eta } = job;
  const name = phase === null ? t.kinds[kind] : `${t.kinds[kind]}: ${phase}`;
  const told = state === 'queued' ? t.waiting : total === 0 ? '' : t.ofTotal(number(done), number(total));
  return html`
    <div class="progress">
      <span class="progress-name">${name}</span>
      <progress aria-label=${name} max=${total === 0 ? undefined : total} value=${total === 0 ? undefined : done}></progress>
      <span class="progress-told">${told}${eta !== null && html` · ${t.left(duration(eta))}`}</span>
    </div>
  `;
}
