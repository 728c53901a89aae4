import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { Field, type FieldIds } from './field.ts';

interface TextFieldProps {
  readonly label: string;
  readonly help?: string | undefined;
  readonly error?: string | undefined;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly placeholder?: string | undefined;
  /** The keys that a phone shows; numbers are read in the reader's locale, which an input of type number is not in every browser. */
  readonly keys?: 'text' | 'numeric' | 'decimal';
}

/** One line of text, or a number. */
export function TextField({ label, help, error, value, onValue, placeholder, keys = 'text' }: TextFieldProps): VNode {
  return html`
    <${Field} label=${label} help=${help} error=${error}>
      ${(ids: FieldIds) => html`
        <input ...${ids} type="text" inputmode=${keys} autocomplete="off" placeholder=${placeholder} value=${value}
          onInput=${(event: InputEvent) => onValue((event.currentTarget as HTMLInputElement).value)} />
      `}
    <//>
  `;
}
