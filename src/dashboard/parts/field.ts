import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { useId } from 'preact/hooks';

/** What ties an input to its label, its help and its error. */
export interface FieldIds {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': 'true' | undefined;
}

interface FieldProps {
  readonly label: string;
  readonly help?: string | undefined;
  readonly error?: string | undefined;
  /** Makes the input, with these attributes: `(ids) => html`<input ...${ids} />``. */
  readonly children: (ids: FieldIds) => ComponentChildren;
}

/** An input of a form with its label; help and error are read with it. */
export function Field({ label, help, error, children }: FieldProps): VNode {
  const id = useId();
  const ids: FieldIds = {
    id,
    'aria-describedby':
      [help === undefined ? '' : `${id}-help`, error === undefined ? '' : `${id}-error`].join(' ').trim() || undefined,
    'aria-invalid': error === undefined ? undefined : 'true',
  };
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      ${children(ids)}
      ${help !== undefined && html`<p class="field-help" id=${`${id}-help`}>${help}</p>`}
      ${error !== undefined && html`<p class="field-error" id=${`${id}-error`}>${error}</p>`}
    </div>
  `;
}
