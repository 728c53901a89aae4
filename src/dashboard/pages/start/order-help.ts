import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { ProjectSummary } from '../../../api/answers.ts';
import { projectId, toOrder } from '../../address.ts';
import { texts } from '../../texts.ts';

/** Where the first dataset is ordered. */
export function OrderHelp({ project }: { readonly project: ProjectSummary | undefined }): VNode | null {
  if (project === undefined) return null;
  return html`<div class="buttons"><a class="button main" href=${toOrder(projectId(project))}>${texts.start.order.go(project.title)}</a></div>`;
}
