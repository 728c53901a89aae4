import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ProjectDetail, VersionPage, VersionSummary } from '../../../api/answers.ts';
import { projectPath } from '../../address.ts';
import { moment, number, percent, share } from '../../format.ts';
import { Empty } from '../../parts/empty.ts';
import { Pager } from '../../parts/pager.ts';
import { Problem } from '../../parts/problem.ts';
import { type Column, Table } from '../../parts/table.ts';
import { say } from '../../parts/toast.ts';
import { type RequestError, request, shownError } from '../../request.ts';
import { texts } from '../../texts.ts';
import { useAnswer } from '../../use-answer.ts';

const t = texts.project.versions;
const PAGE_SIZE = 20;

interface VersionsPanelProps {
  readonly id: string;
  readonly project: ProjectDetail;
  readonly onChange: () => void;
}

/** All versions, the last activated first, and the way back to an older one. The first page is part of the project. */
export function VersionsPanel({ id, project, onChange }: VersionsPanelProps): VNode {
  const [page, setPage] = useState(0);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<RequestError | undefined>();
  const path = page === 0 ? null : projectPath(id, `/versions?limit=${PAGE_SIZE}&offset=${page * PAGE_SIZE}`);
  const { answer, problem } = useAnswer<VersionPage>(path, { live: true });
  if (project.versionCount === 0) return html`<${Empty} title=${t.empty} text=${t.emptyText} />`;
  const versions = page === 0 ? project.versions : answer?.versions;
  const activate = async ({ id: version }: VersionSummary) => {
    setBusy(true);
    setFailed(undefined);
    try {
      await request<ProjectDetail>(projectPath(id, `/versions/${encodeURIComponent(version)}/activate`), {
        method: 'POST',
        body: {},
      });
      say(t.activated(version));
      setPage(0);
      onChange();
    } catch (thrown) {
      setFailed(shownError(thrown));
    }
    setBusy(false);
  };
  const action: Column<VersionSummary> = {
    name: t.current,
    of: (version) =>
      version.current
        ? html`<strong class="project-good">${t.isCurrent}</strong>`
        : html`<button type="button" disabled=${busy} aria-label=${t.activateVersion(version.id)} onClick=${() => activate(version)}>${t.activate}</button>`,
  };
  // The button stands beside the name, so that a phone shows both.
  const columns = [NAME, action, ...COLUMNS, ...(project.keypoints.length > 0 ? [PCK] : [])];
  return html`
    <section class="panel">
      <h2>${t.title}</h2>
      <p class="muted">${t.text(number(project.versionCount))}</p>
      <${Problem} of=${failed ?? problem} />
      ${
        versions === undefined
          ? html`<p class="loading" role="status">${texts.common.loading}</p>`
          : html`<${Table} caption=${t.title} columns=${columns} rows=${versions} keyOf=${({ id: version }: VersionSummary) => version} />`
      }
      <${Pager} page=${page} pages=${Math.ceil(project.versionCount / PAGE_SIZE)} onPage=${setPage} />
    </section>
  `;
}

const NAME: Column<VersionSummary> = { name: t.version, of: ({ id }) => html`<code class="project-whole">${id}</code>` };

const COLUMNS: readonly Column<VersionSummary>[] = [
  { name: t.made, of: ({ createdAt }) => html`<span class="project-whole">${moment(createdAt)}</span>` },
  { name: t.annotated, of: ({ annotatedImages }) => number(annotatedImages), right: true },
  { name: t.mIoU, of: ({ mIoU, validation }) => (mIoU === null ? t.validations[validation] : share(mIoU)), right: true },
  { name: t.loss, of: ({ finalLoss }) => number(finalLoss, 3), right: true },
];

const PCK: Column<VersionSummary> = {
  name: t.pck,
  of: ({ pck }) => (pck === undefined || pck === null ? '–' : percent(pck)),
  right: true,
};
