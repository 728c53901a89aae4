import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { number } from '../format.ts';
import { texts } from '../texts.ts';

const t = texts.common;

interface PagerProps {
  /** From 0. */
  readonly page: number;
  readonly pages: number;
  readonly onPage: (page: number) => void;
  /** What has the pages, where a view has several such things. */
  readonly of?: string;
}

/** Steps through pages; nothing where one page holds all. */
export function Pager({ page, pages, onPage, of }: PagerProps): VNode | null {
  if (pages <= 1) return null;
  const where = t.page(number(page + 1), number(pages));
  return html`
    <nav class="pager" aria-label=${of === undefined ? where : `${of}: ${where}`}>
      <button type="button" disabled=${page <= 0} onClick=${() => onPage(page - 1)}>${t.previous}</button>
      <span>${where}</span>
      <button type="button" disabled=${page >= pages - 1} onClick=${() => onPage(page + 1)}>${t.next}</button>
    </nav>
  `;
}
