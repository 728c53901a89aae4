import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { ProjectDetail } from '../../../api/answers.ts';
import { projectPath, START } from '../../address.ts';
import type { PageProps } from '../../page-props.ts';
import { Problem } from '../../parts/problem.ts';
import { Tabs } from '../../parts/tabs.ts';
import { texts } from '../../texts.ts';
import { useAnswer } from '../../use-answer.ts';
import { AnnotationsPanel } from './annotations-panel.ts';
import { PredictionsPanel } from './predictions-panel.ts';
import { ProjectHead } from './project-head.ts';
import { ProjectWork } from './project-work.ts';
import { QualityPanel } from './quality-panel.ts';
import { VersionsPanel } from './versions-panel.ts';

const t = texts.project;

/** One project: what it does now, how good it is, what was read of the annotations, and what it sees. */
export function ProjectPage({ params }: PageProps): VNode {
  const id = params.id!;
  const { answer: project, problem, reload } = useAnswer<ProjectDetail>(projectPath(id), { live: true });
  if (project === undefined) {
    return html`
      <h1>${t.title}</h1>
      <${Problem} of=${problem} />
      ${
        problem === undefined
          ? html`<p class="loading" role="status">${texts.common.loading}</p>`
          : html`<p><a href=${START}>${texts.common.backToStart}</a></p>`
      }
    `;
  }
  const tabs = [
    { name: t.tabs.quality, show: () => html`<${QualityPanel} project=${project} />` },
    { name: t.tabs.annotations, show: () => html`<${AnnotationsPanel} project=${project} />` },
    { name: t.tabs.predictions, show: () => html`<${PredictionsPanel} id=${id} project=${project} />` },
    { name: t.tabs.versions, show: () => html`<${VersionsPanel} id=${id} project=${project} onChange=${reload} />` },
  ];
  return html`
    <${ProjectHead} id=${id} project=${project} />
    <${Problem} of=${problem} />
    <${Problem} of=${project.error} />
    <${ProjectWork} id=${id} project=${project} />
    ${project.kind === 'labelling' && html`<${Tabs} label=${t.views} tabs=${tabs} />`}
  `;
}
