import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Job, JobState } from '../../../api/answers.ts';
import { projectId, toDataset, toProject } from '../../address.ts';
import { duration, number } from '../../format.ts';
import { Problem } from '../../parts/problem.ts';
import { SelectField } from '../../parts/select-field.ts';
import { Table } from '../../parts/table.ts';
import { type RequestError, request, shownError } from '../../request.ts';
import { texts } from '../../texts.ts';
import { useAnswer } from '../../use-answer.ts';
import { isRunning } from '../../use-job.ts';

const t = texts.health;

const STATES: readonly JobState[] = ['running', 'queued', 'failed', 'completed', 'cancelled'];
const SHOWN = [{ value: '', text: t.allStates }, ...STATES.map((value) => ({ value, text: t.states[value] }))];
/** The newest that are shown. */
const LIMIT = 100;

/** Jobs by state, each with a way to cancel it. */
export function JobList(): VNode {
  const [state, setState] = useState<JobState | ''>('');
  const [all, setAll] = useState(false);
  const [refused, setRefused] = useState<RequestError | undefined>();
  const query = new URLSearchParams({ limit: String(LIMIT), housekeeping: String(all), ...(state === '' ? {} : { state }) });
  const { answer: jobs, problem, reload } = useAnswer<readonly Job[]>(`/api/jobs?${query}`, { live: true });
  const cancel = async (id: string) => {
    setRefused(undefined);
    await request(`/api/jobs/${id}`, { method: 'DELETE' }).catch((thrown: unknown) => setRefused(shownError(thrown)));
    reload();
  };
  const columns = [
    { name: t.job, of: (job: Job) => html`<${Work} job=${job} />` },
    { name: t.state, of: (job: Job) => t.states[job.state] },
    { name: t.progress, of: progressOf, right: true },
    { name: t.outcome, of: (job: Job) => html`<${Outcome} job=${job} />` },
    {
      name: t.action,
      of: (job: Job) => (!isRunning(job) ? '' : html`<button type="button" onClick=${() => cancel(job.id)}>${t.cancel}</button>`),
    },
  ];
  return html`
    <section class="panel">
      <h2>${t.jobs}</h2>
      <div class="health-choice">
        <${SelectField} label=${t.show} value=${state} options=${SHOWN} onValue=${setState} />
        <label><input type="checkbox" checked=${all} onChange=${() => setAll(!all)} /> ${t.housekeeping}</label>
      </div>
      <${Problem} of=${refused ?? problem} />
      ${
        jobs?.length === 0
          ? html`<p class="muted">${t.noJobs}</p>`
          : html`<${Table} caption=${t.jobs} columns=${columns} rows=${jobs ?? []} keyOf=${({ id }: Job) => id} />`
      }
      ${jobs?.length === LIMIT && html`<p class="muted">${t.newest(number(LIMIT))}</p>`}
    </section>
  `;
}

function progressOf({ done, total, eta }: Job): string {
  const counted = total === 0 ? '' : texts.common.ofTotal(number(done), number(total));
  return eta === null ? counted : `${counted} · ${texts.common.left(duration(eta))}`;
}

/** What the job does, and for what. */
function Work({ job: { kind, project, dataset } }: { readonly job: Job }): VNode {
  return html`
    ${texts.common.kinds[kind]}
    ${project !== undefined && html` · <a href=${toProject(projectId(project))}>${t.project(project.id)}</a>`}
    ${dataset !== undefined && html` · <a href=${toDataset(dataset)}>${t.dataset}</a>`}
  `;
}

function Outcome({ job: { phase, error } }: { readonly job: Job }): VNode | string {
  if (error === undefined) return phase ?? '';
  return html`${error.message}${error.fix !== undefined && html`<br /><span class="muted">${error.fix}</span>`}`;
}
