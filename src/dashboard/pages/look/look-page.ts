import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { texts } from '../../texts.ts';

const t = texts.look;

export function LookPage(): VNode {
  return html`<h1>${t.title}</h1>`;
}
