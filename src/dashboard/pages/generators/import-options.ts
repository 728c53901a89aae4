import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { Field, type FieldIds } from '../../parts/field.ts';
import { texts } from '../../texts.ts';
import { faultsOf, type ImportDraft } from './import-draft.ts';

const t = texts.generators;

interface OptionsProps {
  readonly draft: ImportDraft;
  readonly byPath: boolean;
  readonly onChange: (fields: Partial<ImportDraft>) => void;
}

/** Name and licence of a generator, and behind a summary what few need. */
export function ImportOptions({ draft, byPath, onChange }: OptionsProps): VNode {
  const faults = faultsOf(draft);
  const input = (ids: FieldIds, key: keyof ImportDraft, kind: 'text' | 'decimal' | 'numeric' = 'text') => html`
    <input ...${ids} inputmode=${kind} value=${draft[key]} autocomplete="off"
      onInput=${(event: InputEvent) => onChange({ [key]: (event.target as HTMLInputElement).value })} />
  `;
  return html`
    <${Field} label=${t.name} help=${t.nameHelp} error=${faults.has('name') ? t.nameFault : undefined}>
      ${(ids: FieldIds) => input(ids, 'name')}
    <//>
    <${Field} label=${t.licence} help=${t.licenceHelp}>${(ids: FieldIds) => input(ids, 'licence')}<//>
    <details class="generators-more">
      <summary>${t.more}</summary>
      <${Field} label=${t.psi} help=${t.psiHelp} error=${faults.has('psi') ? t.psiFault : undefined}>
        ${(ids: FieldIds) => input(ids, 'psi', 'decimal')}
      <//>
      <${Field} label=${t.labelSize} help=${t.labelSizeHelp} error=${faults.has('labelSize') ? t.labelSizeFault : undefined}>
        ${(ids: FieldIds) => input(ids, 'labelSize', 'numeric')}
      <//>
      <${Field} label=${t.rowsFrom} help=${t.rowsHelp} error=${faults.has('rows') ? t.rowsFault : undefined}>
        ${(ids: FieldIds) => input(ids, 'rowsFrom', 'numeric')}
      <//>
      <${Field} label=${t.rowsTo}>${(ids: FieldIds) => input(ids, 'rowsTo', 'numeric')}<//>
      <${Field} label=${t.taps} help=${t.tapsHelp}>
        ${(ids: FieldIds) => html`
          <select ...${ids} value=${draft.taps} onChange=${(event: Event) => onChange({ taps: (event.target as HTMLSelectElement).value as ImportDraft['taps'] })}>
            <option value="">${t.tapsDefault}</option>
            <option value="editgan">EditGAN</option>
            <option value="datasetgan">DatasetGAN (StyleGAN1)</option>
          </select>
        `}
      <//>
      ${byPath && html`<${Field} label=${t.average} help=${t.averageHelp}>${(ids: FieldIds) => input(ids, 'averageFile')}<//>`}
    </details>
  `;
}
