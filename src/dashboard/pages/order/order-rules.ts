import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { type Column, Table } from '../../parts/table.ts';
import { TextField } from '../../parts/text-field.ts';
import { texts } from '../../texts.ts';
import type { RuleRow } from './order-draft.ts';
import type { OrderPartProps } from './order-part-props.ts';

const t = texts.order;

/** What every delivered pair must be like: by label and keypoint, and in all. */
export function OrderRules({ draft, errors, change }: OrderPartProps): VNode {
  const { rows } = draft;
  const set = (at: number, part: Partial<RuleRow>) =>
    change({ rows: rows.map((row, index) => (index === at ? { ...row, ...part } : row)) });
  return html`
    <details class="panel order-rules">
      <summary><h2>${t.rules}</h2></summary>
      <p class="muted">${t.rulesHelp}</p>
      <${Table} caption=${t.ruleTable} columns=${columns(rows, errors, set)} rows=${[...rows.keys()]} keyOf=${(row: number) => row} />
      <${TextField} label=${t.everyPieces} help=${t.everyPiecesHelp} error=${errors.pieces} keys="numeric"
        value=${draft.pieces} onValue=${(pieces: string) => change({ pieces })} />
      <${TextField} label=${t.areaFactor} help=${t.areaFactorHelp} error=${errors.areaFactor} keys="decimal"
        value=${draft.areaFactor} onValue=${(areaFactor: string) => change({ areaFactor })} />
      <${TextField} label=${t.nearest} help=${t.nearestHelp} error=${errors.nearest} keys="decimal"
        value=${draft.nearest} onValue=${(nearest: string) => change({ nearest })} />
    </details>
  `;
}

function columns(
  rows: readonly RuleRow[],
  errors: OrderPartProps['errors'],
  set: (row: number, part: Partial<RuleRow>) => void,
): Column<number>[] {
  const input = (row: number, field: 'least' | 'most' | 'pieces', label: string, error: string | undefined) => html`
    <input type="text" inputmode="decimal" autocomplete="off" aria-label=${label} value=${rows[row]![field]}
      aria-invalid=${error === undefined ? undefined : 'true'}
      onInput=${(event: InputEvent) => set(row, { [field]: (event.currentTarget as HTMLInputElement).value })} />
  `;
  const wrong = (error: string | undefined) => error !== undefined && html`<p class="field-error">${error}</p>`;
  return [
    { name: t.label, of: (row) => (rows[row]!.keypoint ? t.keypoint(rows[row]!.text) : rows[row]!.text) },
    {
      name: t.shown,
      of: (row) => html`
        <input type="checkbox" aria-label=${t.shownOf(rows[row]!.text)} checked=${rows[row]!.shown}
          onChange=${() => set(row, { shown: !rows[row]!.shown })} />
      `,
    },
    {
      name: t.area,
      of: (row) => {
        const { keypoint, text } = rows[row]!;
        const error = errors[`areas ${row}`];
        return (
          !keypoint &&
          html`${t.least} ${input(row, 'least', t.leastOf(text), error)} ${t.most} ${input(row, 'most', t.mostOf(text), error)}${wrong(error)}`
        );
      },
    },
    {
      name: t.pieces,
      of: (row) => {
        const { keypoint, text } = rows[row]!;
        const error = errors[`pieces ${row}`];
        return !keypoint && html`${input(row, 'pieces', t.piecesOf(text), error)}${wrong(error)}`;
      },
    },
  ];
}
