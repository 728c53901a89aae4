import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import { fieldSchema, type Schema, wordsOf } from '../../limits.ts';
import { texts } from '../../texts.ts';
import type { OrderPartProps } from './order-part-props.ts';

const t = texts.order;

/** The formats, and what each is for. Those that the version makes nothing for cannot be chosen. */
export function OrderFiles({ draft, change, estimate, schema }: OrderPartProps & { readonly schema: Schema }): VNode {
  const id = useId();
  const names = wordsOf(fieldSchema(schema, ['formats', '*']));
  const fits: readonly string[] = estimate?.fits ?? names;
  const chosen: readonly string[] = draft.formats ?? estimate?.formats ?? [];
  const toggle = (name: string) =>
    change({ formats: chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name] });
  return html`
    <fieldset class="panel order-files">
      <legend>${t.files}</legend>
      <p class="muted">${t.filesHelp}</p>
      <div class="order-formats">
      ${names.map((name) => {
        const fit = fits.includes(name);
        return html`
          <div key=${name}>
            <label>
              <input type="checkbox" checked=${chosen.includes(name)} disabled=${!fit && !chosen.includes(name)}
                aria-describedby=${`${id}-${name}`} onChange=${() => toggle(name)} />
              ${' '}<code>${name}</code>
            </label>
            <p class="field-help" id=${`${id}-${name}`}>${fit ? t.formats[name] : t.unfit}</p>
          </div>
        `;
      })}
      </div>
      ${draft.formats?.length === 0 && html`<p role="status">${t.noFiles}</p>`}
    </fieldset>
  `;
}
