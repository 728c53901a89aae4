import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';

/** Where there is nothing yet: what this will be, and what to do first. */
export function Empty({
  title,
  text,
  action,
}: {
  readonly title: string;
  readonly text: string;
  readonly action?: ComponentChildren;
}): VNode {
  return html`<section class="empty"><h2>${title}</h2><p>${text}</p>${action}</section>`;
}
