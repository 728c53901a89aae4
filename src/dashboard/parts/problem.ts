import { html } from 'htm/preact';
import type { VNode } from 'preact';

export interface ShownProblem {
  readonly message: string;
  readonly fix?: string | undefined;
}

/** What is wrong, and what to do about it. Nothing where nothing is wrong. */
export function Problem({ of }: { readonly of: ShownProblem | null | undefined }): VNode | null {
  if (of === null || of === undefined) return null;
  return html`<div class="problem" role="alert"><p>${of.message}</p>${of.fix !== undefined && html`<p class="problem-fix">${of.fix}</p>`}</div>`;
}
