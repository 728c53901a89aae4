import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { Pager } from './pager.ts';
import { type Column, Table } from './table.ts';

interface PagedTableProps<T> {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  /** All of them. */
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string | number;
  /** Rows of a page. */
  readonly size: number;
}

/** A table of rows that are all here, of which one page is drawn: the browser stays quick with thousands. */
export function PagedTable<T>({ rows, size, ...table }: PagedTableProps<T>): VNode {
  const [page, setPage] = useState(0);
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const shown = Math.min(page, pages - 1);
  return html`
    <${Table} ...${table} rows=${rows.slice(shown * size, (shown + 1) * size)} />
    <${Pager} page=${shown} pages=${pages} onPage=${setPage} of=${table.caption} />
  `;
}
