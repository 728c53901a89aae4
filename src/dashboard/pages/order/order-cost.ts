import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { OrderEstimate } from '../../../api/answers.ts';
import { bytes, duration, number } from '../../format.ts';
import { Problem } from '../../parts/problem.ts';
import { texts } from '../../texts.ts';
import { isTight, secondsRange } from './estimate-range.ts';
import type { Estimate } from './use-estimate.ts';

const t = texts.order;

interface OrderCostProps {
  readonly estimate: Estimate;
  /** Whether all fields are right. */
  readonly right: boolean;
}

/** Pictures, time and disk space of the order as it stands, or why it would be refused. */
export function OrderCost({ estimate: { answer, problem, waiting }, right }: OrderCostProps): VNode {
  const current = right && problem === undefined;
  return html`
    <section class="panel" aria-busy=${waiting ? 'true' : 'false'}>
      <h2>${t.cost}</h2>
      <div role="status">
        ${!right && html`<p>${t.firstMend}</p>`}
        ${current && answer !== undefined && html`<${Figures} of=${answer} />`}
        ${current && answer === undefined && html`<p>${t.counting}</p>`}
      </div>
      <${Problem} of=${problem} />
    </section>
  `;
}

function Figures({ of }: { readonly of: OrderEstimate }): VNode {
  const { candidates, mostCandidates, seconds, basis, waiting, bytes: needed, bytesFree } = of;
  const { least, most } = secondsRange(of);
  const range = (text: (value: number) => string, from: number, to: number) =>
    text(from) === text(to) ? text(from) : t.upTo(text(from), text(to));
  return html`
    <dl class="facts">
      <dt>${t.pictures}</dt><dd>${range(number, candidates, mostCandidates)}</dd>
      <dt>${t.time}</dt><dd>${range(duration, least, most)}</dd>
      <dt>${t.disk}</dt><dd>${bytesFree === null ? bytes(needed) : t.diskOf(bytes(needed), bytes(bytesFree))}</dd>
    </dl>
    <p class="muted">${t.steps(duration(seconds.pairs), duration(seconds.project), duration(seconds.files))} ${t.basis[basis]}</p>
    ${waiting > 0 && html`<p>${t.others(number(waiting))}</p>`}
    ${isTight(of) && html`<p class="order-warning">${t.tight}</p>`}
  `;
}
