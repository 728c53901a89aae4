import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { texts } from '../../texts.ts';

const t = texts.order;

export function OrderPage(): VNode {
  return html`<h1>${t.title}</h1>`;
}
