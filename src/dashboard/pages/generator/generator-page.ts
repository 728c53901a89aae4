import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { texts } from '../../texts.ts';

const t = texts.generator;

export function GeneratorPage(): VNode {
  return html`<h1>${t.title}</h1>`;
}
