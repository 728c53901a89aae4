import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { GeneratorSummary } from '../../../api/answers.ts';
import { Problem } from '../../parts/problem.ts';
import { texts } from '../../texts.ts';
import { useAnswer } from '../../use-answer.ts';
import { GeneratorCard } from './generator-card.ts';
import { ImportForm } from './import-form.ts';
import { ImportList } from './import-list.ts';

const t = texts.generators;

/** The installed generators, and how to bring one's own. */
export function GeneratorsPage(): VNode {
  const { answer, problem } = useAnswer<readonly GeneratorSummary[]>('/api/generators', { live: true });
  return html`
    <h1>${t.title}</h1>
    <p>${t.intro}</p>
    <${Problem} of=${problem} />
    <ul class="generators-list">
      ${answer?.map((generator) => html`<${GeneratorCard} key=${generator.id} generator=${generator} />`)}
    </ul>
    <div aria-live="polite"><${ImportList} /></div>
    <${ImportForm} />
  `;
}
