import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { Findings as FindingsAnswer, Health } from '../../../api/answers.ts';
import { Problem } from '../../parts/problem.ts';
import { texts } from '../../texts.ts';
import { useAnswer } from '../../use-answer.ts';
import { Findings } from './findings.ts';
import { JobList } from './job-list.ts';
import { Engine, Versions, Workers } from './server-facts.ts';

const t = texts.health;

/** How the server is: what is wrong and what fixes it, what it does, what it is. */
export function HealthPage(): VNode {
  const { answer: health, problem } = useAnswer<Health>('/api/health', { live: true });
  // Label Studio is asked only when somebody looks.
  const findings = useAnswer<FindingsAnswer>('/api/health/findings');
  return html`
    <h1>${t.title}</h1>
    <${Problem} of=${problem} />
    <${Findings} asked=${findings} />
    <${JobList} />
    ${
      health !== undefined &&
      html`<div class="columns">
        <${Engine} health=${health} />
        <${Versions} health=${health} findings=${findings.answer} />
        <${Workers} health=${health} />
      </div>`
    }
  `;
}
