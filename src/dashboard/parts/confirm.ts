import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { type RequestError, shownError } from '../request.ts';
import { texts } from '../texts.ts';
import { Problem } from './problem.ts';

interface ConfirmProps {
  readonly label: string;
  readonly question: string;
  /** Further choices, above the buttons. */
  readonly children?: ComponentChildren;
  readonly onConfirm: () => Promise<void>;
}

/** A button for what cannot be undone: it asks first, and says what went wrong. */
export function Confirm({ label, question, children, onConfirm }: ConfirmProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<RequestError | undefined>();
  const confirm = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await onConfirm();
      dialog.current?.close();
    } catch (thrown) {
      setProblem(shownError(thrown));
    }
    setBusy(false);
  };
  return html`
    <button type="button" class="danger" onClick=${() => dialog.current?.showModal()}>${label}</button>
    <dialog ref=${dialog} aria-label=${label}>
      <p>${question}</p>
      ${children}
      <${Problem} of=${problem} />
      <div class="buttons">
        <button type="button" onClick=${() => dialog.current?.close()}>${texts.common.cancel}</button>
        <button type="button" class="danger" disabled=${busy} onClick=${confirm}>${label}</button>
      </div>
    </dialog>
  `;
}
