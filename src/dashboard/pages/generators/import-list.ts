import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { ImportReport as Report } from '../../../api/answers.ts';
import { toGenerator } from '../../address.ts';
import { bytes, percent } from '../../format.ts';
import { useLive } from '../../live.ts';
import { Problem } from '../../parts/problem.ts';
import { Progress } from '../../parts/progress.ts';
import { request } from '../../request.ts';
import { texts } from '../../texts.ts';
import { isRunning, useJob } from '../../use-job.ts';
import { closeImport } from './closed-imports.ts';
import { FailedImports } from './failed-imports.ts';
import { ImportReport } from './import-report.ts';
import { forgetImport, type Import, useImports } from './imports.ts';

const t = texts.generators;

/** Imports that were begun here, those that failed before, and those of others that run. */
export function ImportList(): VNode {
  const imports = useImports();
  const own = new Set(imports.map(({ job }) => job));
  const others = useLive().jobs.filter(({ id, kind }) => kind === 'import' && !own.has(id));
  return html`
    ${imports.map((entry) => html`<${OwnImport} key=${entry.key} entry=${entry} />`)}
    <${FailedImports} except=${own} />
    ${others.map((job) => html`<section class="panel" key=${job.id}><${Progress} job=${job} /></section>`)}
  `;
}

function OwnImport({ entry }: { readonly entry: Import }): VNode {
  const { file, upload, job: id, problem } = entry;
  const { answer: job, problem: lost } = useJob(id);
  const runs = job !== undefined && isRunning(job);
  const cancel = () => request(`/api/jobs/${id}`, { method: 'DELETE' });
  const close = () => {
    if (id !== null) closeImport(id);
    forgetImport(entry);
  };
  const report = job?.state === 'completed' ? (job.result as Report) : undefined;
  return html`
    <section class="panel" aria-label=${t.importOf(file)}>
      <h2>${file}</h2>
      ${upload !== null && html`<${Sending} upload=${upload} />`}
      <${Problem} of=${problem ?? lost ?? job?.error} />
      ${runs && html`<${Progress} job=${job} />`}
      ${
        report !== undefined &&
        html`
          <p role="status">${report.known ? t.known(report.name) : t.done} <a href=${toGenerator(report.name)}>${t.open(report.name)}</a></p>
          <${ImportReport} report=${report} />
          <p>${report.note}</p>
        `
      }
      <div class="buttons">
        ${
          runs
            ? html`<button type="button" onClick=${cancel}>${t.cancelImport}</button>`
            : html`<button type="button" onClick=${close}>${upload === null ? texts.common.close : t.cancelUpload}</button>`
        }
      </div>
    </section>
  `;
}

function Sending({ upload: { sent, total } }: { readonly upload: NonNullable<Import['upload']> }): VNode {
  return html`
    <div class="progress">
      <span class="progress-name">${t.sending}</span>
      <progress aria-label=${t.sending} max=${total} value=${sent}></progress>
      <span class="progress-told">${t.sent(bytes(sent), bytes(total), percent(total === 0 ? 1 : sent / total))}</span>
    </div>
  `;
}
