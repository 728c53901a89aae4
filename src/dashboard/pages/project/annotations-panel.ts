import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { ProjectDetail } from '../../../api/answers.ts';
import { number } from '../../format.ts';
import { toLabelStream } from '../../label-studio.ts';
import { Empty } from '../../parts/empty.ts';
import { External } from '../../parts/external.ts';
import { texts } from '../../texts.ts';
import { AgreementPanel } from './agreement-panel.ts';
import { NoteList } from './note-list.ts';
import { SlipsPanel } from './slips-panel.ts';

const t = texts.project.annotations;

/** What the last training read of the annotations, and which of them are worth a second look. */
export function AnnotationsPanel({ project }: { readonly project: ProjectDetail }): VNode {
  const { counted, machineMade, skipped, rejected, notes } = project.annotations;
  const unread = html`<${NoteList} title=${t.unread} notes=${project.unreadPhotographs} project=${project} />`;
  if (counted + machineMade + skipped + rejected.length === 0) {
    const action = html`<${External} class="button" href=${toLabelStream(project)}>${texts.project.labelStream}<//>`;
    return html`<${Empty} title=${t.empty} text=${t.emptyText} action=${action} />${unread}`;
  }
  const facts = [
    [t.counted, counted],
    [t.machineMade, machineMade],
    [t.skipped, skipped],
    [t.rejected, rejected.length],
  ] as const;
  return html`
    <section class="panel">
      <h2>${t.title}</h2>
      <dl class="project-facts">${facts.map(([name, count]) => html`<div key=${name}><dt>${name}</dt><dd>${number(count)}</dd></div>`)}</dl>
      ${unread}
      <${NoteList} title=${t.rejectedTitle} notes=${rejected} project=${project} />
      <${NoteList} title=${t.notes} notes=${notes} project=${project} />
    </section>
    <${SlipsPanel} slips=${project.slips} />
    <${AgreementPanel} agreement=${project.agreement} />
  `;
}
