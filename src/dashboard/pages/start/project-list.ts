import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { ProjectSummary } from '../../../api/answers.ts';
import { projectId, toProject } from '../../address.ts';
import { number } from '../../format.ts';
import { toTasks } from '../../label-studio.ts';
import { External } from '../../parts/external.ts';
import { Field, type FieldIds } from '../../parts/field.ts';
import { PagedTable } from '../../parts/paged-table.ts';
import type { Column } from '../../parts/table.ts';
import { texts } from '../../texts.ts';
import { matchProjects } from './match-projects.ts';

const t = texts.start.list;
const PAGE_SIZE = 25;

const COLUMNS: readonly Column<ProjectSummary>[] = [
  { name: t.project, of: (project) => html`<a href=${toProject(projectId(project))}>${project.title}</a>` },
  { name: t.kind, of: ({ kind }) => t.kinds[kind] },
  { name: t.state, of: ({ state }) => texts.project.states[state] },
  { name: t.annotated, of: ({ annotatedImages }) => number(annotatedImages), right: true },
  { name: t.version, of: ({ currentVersion }) => currentVersion ?? '–' },
  { name: t.problem, of: ({ error }) => error !== null && html`<span class="start-bad">${error.message}</span>` },
  { name: t.labelStudio, of: (project) => html`<${External} href=${toTasks(project)}>${t.number(project.id)}<//>` },
];

/** All projects of this server, in pages, with a search that looks at each word. */
export function ProjectList({ projects }: { readonly projects: readonly ProjectSummary[] }): VNode {
  const [search, setSearch] = useState('');
  const found = useMemo(() => matchProjects(projects, search), [projects, search]);
  const onInput = ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) => setSearch(currentTarget.value);
  return html`
    <section>
      <h2>${t.title}</h2>
      <${Field} label=${t.search}>
        ${(ids: FieldIds) => html`<input type="search" autocomplete="off" value=${search} onInput=${onInput} ...${ids} />`}
      <//>
      <p role="status" class="muted">${t.found(number(found.length), number(projects.length))}</p>
      <${PagedTable} key=${search} caption=${t.title} columns=${COLUMNS} rows=${found} keyOf=${projectId} size=${PAGE_SIZE} />
    </section>
  `;
}
