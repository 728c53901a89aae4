import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { Field, type FieldIds } from './field.ts';

interface SelectFieldProps {
  readonly label: string;
  readonly help?: string | undefined;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly onValue: (value: string) => void;
}

/** One of several, in a list that opens. */
export function SelectField({ label, help, value, options, onValue }: SelectFieldProps): VNode {
  return html`
    <${Field} label=${label} help=${help}>
      ${(ids: FieldIds) => html`
        <select ...${ids} value=${value} onChange=${(event: Event) => onValue((event.currentTarget as HTMLSelectElement).value)}>
          ${options.map((option) => html`<option key=${option.value} value=${option.value} selected=${option.value === value}>${option.text}</option>`)}
        </select>
      `}
    <//>
  `;
}
