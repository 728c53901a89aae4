import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';

export interface Column<T> {
  readonly name: string;
  readonly of: (row: T) => ComponentChildren;
  /** Numbers stand at the right. */
  readonly right?: boolean;
}

interface TableProps<T> {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string | number;
}

/** Rows of one kind. On a phone it scrolls by itself, not the page. */
export function Table<T>({ caption, columns, rows, keyOf }: TableProps<T>): VNode {
  const side = ({ right }: Column<T>) => (right === true ? 'right' : undefined);
  return html`
    <div class="table" tabindex="0" role="region" aria-label=${caption}>
      <table>
        <caption class="hidden">${caption}</caption>
        <thead><tr>${columns.map((column) => html`<th scope="col" class=${side(column)}>${column.name}</th>`)}</tr></thead>
        <tbody>
          ${rows.map((row) => html`<tr key=${keyOf(row)}>${columns.map((column) => html`<td class=${side(column)}>${column.of(row)}</td>`)}</tr>`)}
        </tbody>
      </table>
    </div>
  `;
}
