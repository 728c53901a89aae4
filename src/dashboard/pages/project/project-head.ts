import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { GeneratorSummary, ProjectDetail } from '../../../api/answers.ts';
import { toGenerator, toLook, toOrder } from '../../address.ts';
import { number, share } from '../../format.ts';
import { toLabelStream, toModelSettings, toTasks } from '../../label-studio.ts';
import { External } from '../../parts/external.ts';
import { texts } from '../../texts.ts';
import { useAnswer } from '../../use-answer.ts';
import { isRunning } from '../../use-job.ts';
import { useLookAhead } from '../look/use-look-ahead.ts';

const t = texts.project;

interface ProjectHeadProps {
  readonly id: string;
  readonly project: ProjectDetail;
}

/** Its name, where it stands, and the ways to work on it. */
export function ProjectHead({ id, project }: ProjectHeadProps): VNode {
  const { title, host, state, kind, currentVersion, annotatedImages, seededTasks, learningCurve, photographs } = project;
  const { answer: generators } = useAnswer<readonly GeneratorSummary[]>('/api/generators');
  const generator = generators?.find(({ id, name }) => [id, name].includes(project.generator));
  const labelling = kind === 'labelling';
  const mIoU = learningCurve.find(({ version }) => version === currentVersion)?.mIoU;
  return html`
    <h1>${title}</h1>
    <dl class="project-facts">
      <div><dt>${t.state}</dt><dd class=${state === 'connected' ? 'project-good' : 'project-bad'}>${t.states[state]}</dd></div>
      <div><dt>${t.labelStudio}</dt><dd>${host.replace(/^https?:\/\//, '')}</dd></div>
      ${
        labelling &&
        html`
        <div><dt>${t.annotated}</dt><dd>${number(annotatedImages)}</dd></div>
        <div><dt>${t.tasks}</dt><dd>${number(seededTasks)}</dd></div>
        <div><dt>${t.version}</dt><dd>${currentVersion ?? t.noVersion}</dd></div>
        ${mIoU !== undefined && html`<div><dt>${t.mIoU}</dt><dd>${share(mIoU)}</dd></div>`}
        ${photographs !== null && html`<div><dt>${t.backbone}</dt><dd>${photographs.backbone}</dd></div>`}
        ${generator !== undefined && html`<div><dt>${t.generator}</dt><dd><a href=${toGenerator(generator.name)}>${generator.name}</a></dd></div>`}
      `
      }
    </dl>
    ${state !== 'gone' && html`<${Ways} id=${id} project=${project} />`}
  `;
}

/** Where one works on it: in Label Studio, and on this page. */
function Ways({ id, project }: ProjectHeadProps): VNode {
  const labelling = project.kind === 'labelling';
  const generates = labelling && project.photographs === null && project.currentVersion !== null;
  useLookAhead(id, generates && !project.jobs.some(isRunning));
  return html`
    <div class="buttons">
      ${labelling && html`<${External} class="button main" href=${toLabelStream(project)}>${t.labelStream}<//>`}
      <${External} class="button" href=${toTasks(project)}>${t.allTasks}<//>
      ${
        generates &&
        html`
        <a class="button" href=${toLook(id)}>${t.look}</a>
        <a class="button" href=${toOrder(id)}>${t.order}</a>
      `
      }
      <${External} class="button" href=${toModelSettings(project)}>${t.settings}<//>
    </div>
  `;
}
