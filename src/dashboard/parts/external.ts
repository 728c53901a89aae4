import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { texts } from '../texts.ts';

interface ExternalProps {
  readonly href: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A link into Label Studio, in a tab of its own. Only http: an address that runs a script is no address. */
export function External({ href, class: name, children }: ExternalProps): VNode {
  if (!/^https?:\/\//.test(href)) return html`<span>${children}</span>`;
  return html`<a class=${name} href=${href} target="_blank" rel="noreferrer">${children}<span class="hidden"> ${texts.common.opensLabelStudio}</span></a>`;
}
