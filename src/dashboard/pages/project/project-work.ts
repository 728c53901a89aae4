import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { ProjectDetail } from '../../../api/answers.ts';
import { useLive } from '../../live.ts';
import { Problem } from '../../parts/problem.ts';
import { Progress } from '../../parts/progress.ts';
import { texts } from '../../texts.ts';
import { ProjectActions } from './project-actions.ts';
import { failedJobs, jobsOf } from './shown-jobs.ts';

const t = texts.project;

/** What is being done for the project now, what went wrong last, and what can be asked for. */
export function ProjectWork({ id, project }: { readonly id: string; readonly project: ProjectDetail }): VNode {
  const jobs = jobsOf(useLive().jobs, project);
  return html`
    <section class="panel">
      <h2>${t.now}</h2>
      ${jobs.length === 0 ? html`<p class="muted">${t.idle}</p>` : jobs.map((job) => html`<${Progress} key=${job.id} job=${job} />`)}
      ${failedJobs(project.jobs).map(
        ({ id: job, kind, error }) =>
          html`<${Problem} key=${job} of=${{ ...error, message: t.failed(texts.common.kinds[kind], error?.message ?? '') }} />`,
      )}
      ${project.kind === 'labelling' && project.state !== 'gone' && html`<${ProjectActions} id=${id} project=${project} />`}
    </section>
  `;
}
