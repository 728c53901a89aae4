import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { ProjectSummary } from '../../../api/answers.ts';
import { projectId, toProject } from '../../address.ts';
import { toLabelStream } from '../../label-studio.ts';
import { External } from '../../parts/external.ts';
import { texts } from '../../texts.ts';

const t = texts.start.label;

/** Where the first picture is labelled. */
export function LabelHelp({ project }: { readonly project: ProjectSummary | undefined }): VNode | null {
  if (project === undefined) return null;
  return html`
    <div class="buttons">
      <${External} class="button main" href=${toLabelStream(project)}>${t.go(project.title)}<//>
      <a class="button" href=${toProject(projectId(project))}>${t.watch}</a>
    </div>
  `;
}
