import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { DatasetDetail, ProjectSummary } from '../../../api/answers.ts';
import { Problem } from '../../parts/problem.ts';
import { texts } from '../../texts.ts';
import { useAnswer } from '../../use-answer.ts';
import { Checklist } from './checklist.ts';
import { firstSteps } from './first-steps.ts';
import { ProjectList } from './project-list.ts';

const t = texts.start;

/** Where everyone begins: what a new user does first, and all projects of this server. */
export function StartPage(): VNode {
  const { answer: projects, problem } = useAnswer<readonly ProjectSummary[]>('/api/projects', { live: true });
  const { answer: datasets } = useAnswer<readonly DatasetDetail[]>('/api/datasets?limit=1', { live: true });
  return html`
    <h1>${t.title}</h1>
    <${Problem} of=${problem} />
    ${projects === undefined && problem === undefined && html`<p class="loading" role="status">${texts.common.loading}</p>`}
    ${projects !== undefined && datasets !== undefined && html`<${Checklist} steps=${firstSteps(projects, datasets.length > 0)} />`}
    ${projects !== undefined && projects.length > 0 && html`<${ProjectList} projects=${projects} />`}
  `;
}
