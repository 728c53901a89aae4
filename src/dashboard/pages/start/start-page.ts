import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { ProjectSummary } from '../../../api/answers.ts';
import { projectId, toProject } from '../../address.ts';
import { Problem } from '../../parts/problem.ts';
import { texts } from '../../texts.ts';
import { useAnswer } from '../../use-answer.ts';

const t = texts.start;

/** Where everyone begins: all projects of this server. */
export function StartPage(): VNode {
  const { answer, problem } = useAnswer<readonly ProjectSummary[]>('/api/projects', { live: true });
  return html`
    <h1>${t.title}</h1>
    <${Problem} of=${problem} />
    <ul>${answer?.map((project) => html`<li key=${projectId(project)}><a href=${toProject(projectId(project))}>${project.title}</a></li>`)}</ul>
  `;
}
