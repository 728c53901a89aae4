import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { Findings as Answer } from '../../../api/answers.ts';
import { Problem } from '../../parts/problem.ts';
import { texts } from '../../texts.ts';
import type { Asked } from '../../use-answer.ts';

const t = texts.health;

type Finding = Answer[number]['findings'][number];

/** What the doctor finds, with what fixes it. */
export function Findings({ asked: { answer, problem, reload } }: { readonly asked: Asked<Answer> }): VNode {
  return html`
    <section class="panel" aria-busy=${answer === undefined && problem === undefined ? 'true' : 'false'}>
      <h2>${t.findings}</h2>
      <${Problem} of=${problem} />
      ${answer === undefined && problem === undefined && html`<p role="status">${t.looking}</p>`}
      ${answer?.map(
        ({ title, findings }, place) => html`
          <h3 key=${place}>${title}</h3>
          <ul class="health-findings">${findings.map((finding) => html`<${One} finding=${finding} />`)}</ul>
        `,
      )}
      <div class="buttons"><button type="button" onClick=${reload}>${t.lookAgain}</button></div>
    </section>
  `;
}

function One({ finding: { level, what, fix } }: { readonly finding: Finding }): VNode {
  return html`
    <li class=${`health-${level}`}>
      <strong>${t.levels[level]}</strong> <span>${what}</span>
      ${fix !== undefined && html`<p class="muted">${fix}</p>`}
    </li>
  `;
}
