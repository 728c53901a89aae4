import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useId } from 'preact/hooks';

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly text: string }[];
  readonly onValue: (value: T) => void;
}

/** One of a few, all of which are seen. */
export function Choice<T extends string>({ label, value, options, onValue }: ChoiceProps<T>): VNode {
  const name = useId();
  return html`
    <fieldset class="choice">
      <legend>${label}</legend>
      ${options.map(
        (option) => html`
          <label key=${option.value}>
            <input type="radio" name=${name} value=${option.value} checked=${option.value === value} onChange=${() => onValue(option.value)} />
            ${' '}${option.text}
          </label>
        `,
      )}
    </fieldset>
  `;
}
