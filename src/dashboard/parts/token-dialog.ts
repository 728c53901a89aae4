import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { errorOf, type RequestError, shownError } from '../request.ts';
import { texts } from '../texts.ts';
import { tokenGiven, watchToken } from '../token.ts';
import { Field, type FieldIds } from './field.ts';

const t = texts.token;

/** Asks for the token, once a browser, when the server wants one. */
export function TokenDialog(): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const [token, setToken] = useState('');
  const [error, setError] = useState<string | undefined>();
  useEffect(
    () =>
      watchToken((open) => {
        if (open && dialog.current?.open === false) dialog.current.showModal();
        if (!open) dialog.current?.close();
      }),
    [],
  );
  const send = async (event: Event) => {
    event.preventDefault();
    const problem = await give(token).catch(shownError);
    setError(problem === undefined ? undefined : problem.status === 401 ? t.wrong : problem.message);
  };
  return html`
    <dialog ref=${dialog} class="token" aria-label=${t.title} onCancel=${(event: Event) => event.preventDefault()}>
      <form onSubmit=${send}>
        <h2>${t.title}</h2>
        <${Field} label=${t.label} help=${t.help} error=${error}>
          ${(ids: FieldIds) => html`<input ...${ids} type="password" autocomplete="current-password" required value=${token}
            onInput=${({ currentTarget }: { currentTarget: HTMLInputElement }) => setToken(currentTarget.value)} />`}
        <//>
        <div class="buttons"><button type="submit">${t.open}</button></div>
      </form>
    </dialog>
  `;
}

/** @returns the refusal, if it is not the token */
async function give(token: string): Promise<RequestError | undefined> {
  const response = await fetch('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  if (!response.ok) return await errorOf(response);
  tokenGiven();
  return undefined;
}
