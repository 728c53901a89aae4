import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { DATASETS } from '../../address.ts';
import { Confirm } from '../../parts/confirm.ts';
import { Problem } from '../../parts/problem.ts';
import { say } from '../../parts/toast.ts';
import { type RequestError, request, shownError } from '../../request.ts';
import { texts } from '../../texts.ts';
import { DatasetExtension } from './dataset-extension.ts';
import type { DatasetPartProps } from './dataset-part-props.ts';
import { possibleActions } from './possible-actions.ts';

const t = texts.dataset;
const SIMPLE = { pause: t.paused, resume: t.resumed, cancel: t.cancelled } as const;

/** Pause, resume, cancel, extend and delete, as far as the state allows. */
export function DatasetActions({ dataset, path, reload }: DatasetPartProps & { readonly reload: () => void }): VNode {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<RequestError | undefined>();
  const [withProject, setWithProject] = useState(false);
  const { title, projectId: project, destination } = dataset;
  const possible = possibleActions(dataset);
  const act = async (action: string, body: object, done: string) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await request(`${path}/${action}`, { method: 'POST', body });
      say(done);
    } catch (thrown) {
      setProblem(shownError(thrown));
    }
    setBusy(false);
    reload();
  };
  const remove = async () => {
    await request(withProject ? `${path}?project=true` : path, { method: 'DELETE' });
    say(t.deleted);
    location.hash = DATASETS;
  };
  return html`
    <${Problem} of=${problem} />
    <div class="buttons">
      ${possible.map(
        (action) =>
          action !== 'extend' &&
          html`<button key=${action} type="button" disabled=${busy} onClick=${() => act(action, {}, SIMPLE[action])}>${t[action]}</button>`,
      )}
      <${Confirm} label=${t.delete} question=${t.deleteAsk(title)} onConfirm=${remove}>
        ${
          destination === 'new' &&
          project !== null &&
          html`
            <p><label>
              <input type="checkbox" checked=${withProject} onChange=${() => setWithProject(!withProject)} />
              ${' '}${t.deleteProject(String(project))}
            </label></p>
          `
        }
      <//>
    </div>
    ${
      possible.includes('extend') &&
      html`<${DatasetExtension} busy=${busy} onExtend=${(count: number) => act('extend', { count }, t.extended)} />`
    }
  `;
}
