import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { GeneratorDetail } from '../../../api/answers.ts';
import { GENERATORS } from '../../address.ts';
import type { PageProps } from '../../page-props.ts';
import { Problem } from '../../parts/problem.ts';
import { texts } from '../../texts.ts';
import { useAnswer } from '../../use-answer.ts';
import { ImportReport } from '../generators/import-report.ts';
import { Explorer } from './explorer.ts';
import { GeneratorFacts } from './generator-facts.ts';
import { Manage } from './manage.ts';

const t = texts.generator;

/** One generator: its pictures, what it is, and what can be done with it. */
export function GeneratorPage({ params }: PageProps): VNode {
  const { name = '' } = params;
  const { answer: generator, problem } = useAnswer<GeneratorDetail>(`/api/generators/${encodeURIComponent(name)}`);
  return html`
    <p><a href=${GENERATORS}>${t.back}</a></p>
    <h1>${name}</h1>
    <${Problem} of=${problem} />
    ${
      generator !== undefined &&
      html`
        <${Explorer} key=${generator.id} generator=${generator} />
        <div class="columns">
          <${GeneratorFacts} generator=${generator} />
          ${generator.report !== null && html`<section class="panel"><h2>${t.report}</h2><${ImportReport} report=${generator.report} /></section>`}
          ${!generator.bundled && html`<${Manage} key=${generator.name} generator=${generator} />`}
        </div>
        <section class="panel">
          <h2>${t.samples}</h2>
          <img class="generators-sheet" src=${`/api/generators/${generator.id}/samples.png`} alt=${texts.generators.samplesOf(name)} loading="lazy" />
        </section>
      `
    }
  `;
}
