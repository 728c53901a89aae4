import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { DatasetDetail, ProjectSummary } from '../../../api/answers.ts';
import { DATASETS, projectId, toDataset, toProject } from '../../address.ts';
import { ago, bytes, number } from '../../format.ts';
import type { PageProps } from '../../page-props.ts';
import { Empty } from '../../parts/empty.ts';
import { Pager } from '../../parts/pager.ts';
import { Problem } from '../../parts/problem.ts';
import { SelectField } from '../../parts/select-field.ts';
import { type Column, Table } from '../../parts/table.ts';
import { texts } from '../../texts.ts';
import { useAnswer, usePage } from '../../use-answer.ts';
import { DatasetState } from '../dataset/dataset-state.ts';

const t = texts.datasets;
const ROWS = 25;
const STATES = Object.keys(t.states) as DatasetDetail['state'][];

/** All datasets, newest first, in pages. What is chosen stands in the address, so that a page can be sent to somebody. */
export function DatasetsPage({ query }: PageProps): VNode {
  const [project, state] = [query.get('project') ?? '', query.get('state') ?? ''];
  const page = Math.max(0, Number(query.get('page') ?? 1) - 1 || 0);
  const { answer, problem } = usePage<DatasetDetail>(pathOf({ project, state, page }), { live: true });
  const projects = useAnswer<readonly ProjectSummary[]>('/api/projects');
  const choose = (change: Partial<Choice>) => {
    location.hash = addressOf({ project, state, page: 0, ...change });
  };
  const sources = projects.answer?.filter(({ kind }) => kind === 'labelling') ?? [];
  return html`
    <h1>${t.title}</h1>
    <div class="datasets-filters">
      <${SelectField} label=${t.project} value=${project} onValue=${(chosen: string) => choose({ project: chosen })}
        options=${[{ value: '', text: t.anyProject }, ...sources.map((one) => ({ value: projectId(one), text: one.title }))]} />
      <${SelectField} label=${t.state} value=${state} onValue=${(chosen: string) => choose({ state: chosen })}
        options=${[{ value: '', text: t.anyState }, ...STATES.map((value) => ({ value, text: t.states[value] }))]} />
    </div>
    <${Problem} of=${problem} />
    ${answer === undefined && problem === undefined && html`<p class="loading" role="status">${texts.common.loading}</p>`}
    ${answer !== undefined && answer.total === 0 && (project + state === '' ? html`<${Empty} title=${t.none} text=${t.noneText} />` : html`<p>${t.noMatch}</p>`)}
    ${
      answer !== undefined &&
      answer.total > 0 &&
      html`
        <p class="muted" role="status">${shownRows(page, answer.rows.length, answer.total)}</p>
        <${Table} caption=${t.title} columns=${COLUMNS} rows=${answer.rows} keyOf=${({ id }: DatasetDetail) => id} />
        <${Pager} page=${page} pages=${Math.ceil(answer.total / ROWS)} onPage=${(to: number) => choose({ page: to })} />
      `
    }
  `;
}

interface Choice {
  readonly project: string;
  readonly state: string;
  /** From 0. */
  readonly page: number;
}

function pathOf({ project, state, page }: Choice): string {
  const chosen = { ...(project === '' ? {} : { project }), ...(state === '' ? {} : { state }) };
  return `/api/datasets?${new URLSearchParams({ ...chosen, limit: String(ROWS), offset: String(page * ROWS) })}`;
}

function addressOf({ project, state, page }: Choice): string {
  const chosen = new URLSearchParams({
    ...(project === '' ? {} : { project }),
    ...(state === '' ? {} : { state }),
    ...(page === 0 ? {} : { page: String(page + 1) }),
  }).toString();
  return chosen === '' ? DATASETS : `${DATASETS}?${chosen}`;
}

function shownRows(page: number, rows: number, total: number): string {
  return t.shown(number(Math.min(total, page * ROWS + 1)), number(page * ROWS + rows), number(total));
}

const COLUMNS: readonly Column<DatasetDetail>[] = [
  { name: t.name, of: ({ id, title }) => html`<a href=${toDataset(id)}>${title}</a>` },
  { name: t.state, of: (dataset) => html`<${DatasetState} of=${dataset} />` },
  { name: t.pairs, of: ({ delivered, asked }) => texts.dataset.pairsOf(number(delivered), number(asked)), right: true },
  { name: t.size, of: (dataset) => bytes(dataset.bytes), right: true },
  { name: t.project, of: ({ project }) => html`<a href=${toProject(projectId(project))}>${project.title}</a>` },
  { name: t.ordered, of: ({ createdAt }) => html`<time dateTime=${createdAt}>${ago(createdAt)}</time>` },
];
