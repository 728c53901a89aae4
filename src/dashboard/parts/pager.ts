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
}

/** Steps through pages; nothing where one page holds all. */
export function Pager({ page, pages, onPage }: PagerProps): VNode | null {
  if (pages <= 1) return null;
  return html`
    <nav class="pager" aria-label=${t.page(number(page + 1), number(pages))}>
      <button type="button" disabled=${page <= 0} onClick=${() => onPage(page - 1)}>${t.previous}</button>
      <span>${t.page(number(page + 1), number(pages))}</span>
      <button type="button" disabled=${page >= pages - 1} onClick=${() => onPage(page + 1)}>${t.next}</button>
    </nav>
  `;
}
