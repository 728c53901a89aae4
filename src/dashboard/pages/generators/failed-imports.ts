import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Job } from '../../../api/answers.ts';
import { Problem } from '../../parts/problem.ts';
import { texts } from '../../texts.ts';
import { useAnswer } from '../../use-answer.ts';
import { closedImports, closeImport } from './closed-imports.ts';
import { failedSinceSuccess } from './failed-since-success.ts';

const t = texts.generators;

interface FailedImportsProps {
  /** Ids of jobs that are shown elsewhere. */
  readonly except: ReadonlySet<string | null>;
}

/** Imports that failed before this tab was opened, with what to do: until one succeeds, or the reader closes them. */
export function FailedImports({ except }: FailedImportsProps): VNode {
  const { answer = [] } = useAnswer<readonly Job[]>('/api/jobs?kind=import&limit=20', { live: true });
  const [, setClosed] = useState(0);
  const closed = closedImports();
  const close = (id: string) => {
    closeImport(id);
    setClosed((times) => times + 1);
  };
  const shown = failedSinceSuccess(answer).filter(({ id }) => !except.has(id) && !closed.includes(id));
  return html`
    ${shown.map(
      ({ id, file = '', error }) => html`
        <section class="panel" key=${id} aria-label=${t.failedImport(file)}>
          <h2>${t.failedImport(file)}</h2>
          <${Problem} of=${error} />
          <div class="buttons"><button type="button" onClick=${() => close(id)}>${texts.common.close}</button></div>
        </section>
      `,
    )}
  `;
}
