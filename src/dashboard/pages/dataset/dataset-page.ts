import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { DatasetDetail } from '../../../api/answers.ts';
import { DATASETS, projectId, toOrder, toProject } from '../../address.ts';
import { number } from '../../format.ts';
import type { PageProps } from '../../page-props.ts';
import { External } from '../../parts/external.ts';
import { Problem } from '../../parts/problem.ts';
import { Progress } from '../../parts/progress.ts';
import { Tabs } from '../../parts/tabs.ts';
import { texts } from '../../texts.ts';
import { useAnswer } from '../../use-answer.ts';
import { DatasetActions } from './dataset-actions.ts';
import { DatasetFiles } from './dataset-files.ts';
import type { DatasetPartProps } from './dataset-part-props.ts';
import { DatasetPictures } from './dataset-pictures.ts';
import { DatasetReport } from './dataset-report.ts';
import { DatasetSettings } from './dataset-settings.ts';
import { DatasetState } from './dataset-state.ts';
import { DatasetSummary } from './dataset-summary.ts';

const t = texts.dataset;

/** One dataset: how far it is, what it holds, and what can be done with it. */
export function DatasetPage({ params }: PageProps): VNode {
  const path = `/api/datasets/${encodeURIComponent(params.id ?? '')}`;
  const { answer, problem, reload } = useAnswer<DatasetDetail>(path, { live: true });
  return html`
    <p><a href=${DATASETS}>${t.back}</a></p>
    ${answer === undefined ? html`<h1>${t.title}</h1>` : html`<h1>${answer.title}</h1>`}
    <${Problem} of=${problem} />
    ${answer === undefined && problem === undefined && html`<p class="loading" role="status">${texts.common.loading}</p>`}
    ${answer !== undefined && html`<${Shown} dataset=${answer} path=${path} reload=${reload} />`}
  `;
}

function Shown({ dataset, path, reload }: DatasetPartProps & { readonly reload: () => void }): VNode {
  const { job, reasons, project, url } = dataset;
  const part: DatasetPartProps = { dataset, path };
  return html`
    <section class="panel">
      <p><${DatasetState} of=${dataset} /></p>
      ${job !== null && html`<${Progress} job=${job} />`}
      ${job !== null && job.rate !== null && html`<p class="muted">${t.rate(number(job.rate, 1))}</p>`}
      ${reasons.map((reason) => html`<p key=${reason} class="dataset-reason">${reason}</p>`)}
      <${DatasetSummary} ...${part} />
      <p class="dataset-links">
        ${url !== null && html`<${External} href=${url}>${t.inLabelStudio}<//>`}
        <span>${t.source}: <a href=${toProject(projectId(project))}>${project.title}</a></span>
        <a href=${toOrder(projectId(project))}>${t.orderMore}</a>
      </p>
      <${DatasetActions} ...${part} reload=${reload} />
    </section>
    <${Tabs} label=${t.views} tabs=${[
      { name: t.pictures, show: () => html`<${DatasetPictures} ...${part} />` },
      { name: t.report, show: () => html`<${DatasetReport} ...${part} />` },
      { name: t.files, show: () => html`<${DatasetFiles} ...${part} />` },
      { name: t.settings, show: () => html`<${DatasetSettings} ...${part} />` },
    ]} />
  `;
}
