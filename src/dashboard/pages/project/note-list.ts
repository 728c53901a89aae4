import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ProjectDetail } from '../../../api/answers.ts';
import { number } from '../../format.ts';
import { toTask } from '../../label-studio.ts';
import { External } from '../../parts/external.ts';
import { texts } from '../../texts.ts';
import { taskMentions } from './task-mentions.ts';

interface NoteListProps {
  readonly title: string;
  readonly notes: readonly string[];
  readonly project: Pick<ProjectDetail, 'host' | 'id'>;
}

const SHOWN = 10;

/** Lines about annotations; each task that one names is a link to it. Nothing where there are none. */
export function NoteList({ title, notes, project }: NoteListProps): VNode | null {
  const [all, setAll] = useState(false);
  if (notes.length === 0) return null;
  const shown = all ? notes : notes.slice(0, SHOWN);
  return html`
    <h3>${title}</h3>
    <ul class="project-notes">
      ${shown.map(
        (note, index) =>
          html`<li key=${index}>${taskMentions(note).map(({ text, task }) =>
            task === undefined ? text : html`<${External} href=${toTask(project, task)}>${text}<//>`,
          )}</li>`,
      )}
    </ul>
    ${shown.length < notes.length && html`<button type="button" onClick=${() => setAll(true)}>${texts.project.annotations.showAll(number(notes.length))}</button>`}
  `;
}
