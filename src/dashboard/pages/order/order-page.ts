import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { GeneratorSummary, ProjectDetail } from '../../../api/answers.ts';
import { projectPath, toProject } from '../../address.ts';
import { bodySchema, type OpenApi } from '../../limits.ts';
import type { PageProps } from '../../page-props.ts';
import { Empty } from '../../parts/empty.ts';
import { External } from '../../parts/external.ts';
import { Problem } from '../../parts/problem.ts';
import { texts } from '../../texts.ts';
import { useAnswer } from '../../use-answer.ts';
import { OrderForm } from './order-form.ts';

const t = texts.order;

/** The order of a dataset of one project. */
export function OrderPage({ params }: PageProps): VNode {
  const id = params.id ?? '';
  const project = useAnswer<ProjectDetail>(projectPath(id));
  const generators = useAnswer<readonly GeneratorSummary[]>('/api/generators');
  const api = useAnswer<OpenApi>('/openapi.json');
  const problem = project.problem ?? generators.problem ?? api.problem;
  const found = project.answer;
  return html`
    <h1>${t.title}</h1>
    <${Problem} of=${problem} />
    ${found !== undefined && html`<p>${t.from} <a href=${toProject(id)}>${found.title}</a></p>`}
    ${
      found === undefined || generators.answer === undefined || api.answer === undefined
        ? problem === undefined && html`<p class="loading" role="status">${texts.common.loading}</p>`
        : found.currentVersion === null
          ? html`<${NotYet} project=${found} />`
          : html`<${OrderForm} id=${id} project=${found} schema=${bodySchema(api.answer, 'DatasetOrder')}
            generator=${generators.answer.find(({ name }) => name === found.generator)} />`
    }
  `;
}

function NotYet({ project: { host, id } }: { readonly project: ProjectDetail }): VNode {
  const action = html`<p><${External} class="button" href=${`${host}/projects/${id}/data`}>${t.annotate}<//></p>`;
  return html`<${Empty} title=${t.notYet} text=${t.notYetText} action=${action} />`;
}
