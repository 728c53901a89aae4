import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { SelectField } from '../../parts/select-field.ts';
import { TextField } from '../../parts/text-field.ts';
import { texts } from '../../texts.ts';
import { type DraftFault, faultsOf, type ImportDraft } from './import-draft.ts';

const t = texts.generators;
const TAPS: readonly { readonly value: ImportDraft['taps']; readonly text: string }[] = [
  { value: '', text: t.tapsDefault },
  { value: 'editgan', text: 'EditGAN' },
  { value: 'datasetgan', text: 'DatasetGAN (StyleGAN1)' },
];

interface Option {
  readonly key: keyof ImportDraft;
  readonly label: string;
  readonly help?: string;
  /** What is said when it cannot be. */
  readonly fault?: readonly [fault: DraftFault, text: string];
  readonly keys?: 'numeric' | 'decimal';
}

interface OptionsProps {
  readonly draft: ImportDraft;
  readonly byPath: boolean;
  readonly onChange: (fields: Partial<ImportDraft>) => void;
}

/** Name and licence of a generator, and behind a summary what few need. */
export function ImportOptions({ draft, byPath, onChange }: OptionsProps): VNode {
  const faults = faultsOf(draft);
  const field = ({ key, label, help, fault, keys }: Option) => html`
    <${TextField} label=${label} help=${help} keys=${keys} value=${draft[key]} onValue=${(value: string) => onChange({ [key]: value })}
      error=${fault !== undefined && faults.has(fault[0]) ? fault[1] : undefined} />
  `;
  return html`
    ${field({ key: 'name', label: t.name, help: t.nameHelp, fault: ['name', t.nameFault] })}
    ${field({ key: 'licence', label: t.licence, help: t.licenceHelp })}
    <details class="generators-more">
      <summary>${t.more}</summary>
      ${field({ key: 'psi', label: t.psi, help: t.psiHelp, fault: ['psi', t.psiFault], keys: 'decimal' })}
      ${field({ key: 'labelSize', label: t.labelSize, help: t.labelSizeHelp, fault: ['labelSize', t.labelSizeFault], keys: 'numeric' })}
      ${field({ key: 'rowsFrom', label: t.rowsFrom, help: t.rowsHelp, fault: ['rows', t.rowsFault], keys: 'numeric' })}
      ${field({ key: 'rowsTo', label: t.rowsTo, keys: 'numeric' })}
      <${SelectField} label=${t.taps} help=${t.tapsHelp} value=${draft.taps} options=${TAPS}
        onValue=${(taps: ImportDraft['taps']) => onChange({ taps })} />
      ${byPath && field({ key: 'averageFile', label: t.average, help: t.averageHelp })}
    </details>
  `;
}
