import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { texts } from '../../texts.ts';

const t = texts.dataset;

export function DatasetPage(): VNode {
  return html`<h1>${t.title}</h1>`;
}
