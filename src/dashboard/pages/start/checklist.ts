import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { texts } from '../../texts.ts';
import { ConnectHelp } from './connect-help.ts';
import type { FirstStep } from './first-steps.ts';
import { LabelHelp } from './label-help.ts';
import { OrderHelp } from './order-help.ts';

const t = texts.start;
const HELP = { connect: ConnectHelp, label: LabelHelp, order: OrderHelp };

/** The way of a new user. The first step that is not done says what to do; once all are done, the list is folded away. */
export function Checklist({ steps }: { readonly steps: readonly FirstStep[] }): VNode {
  const next = steps.find(({ done }) => !done);
  const list = html`
    <ol class="start-steps">
      ${steps.map(({ name, done, project }) => {
        const Help = HELP[name];
        return html`
          <li key=${name} class=${done ? 'start-done' : undefined} aria-current=${next?.name === name ? 'step' : undefined}>
            <h3>${t.steps[name].title} <span class=${done ? 'start-mark' : 'muted'}>${done ? t.done : t.open}</span></h3>
            <p>${t.steps[name].text}</p>
            ${next?.name === name && html`<${Help} project=${project} />`}
          </li>
        `;
      })}
    </ol>
  `;
  if (next !== undefined) return html`<section class="panel"><h2>${t.firstSteps}</h2>${list}</section>`;
  return html`<details class="panel start-all"><summary>${t.allDone}</summary>${list}</details>`;
}
