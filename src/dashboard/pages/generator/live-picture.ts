import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { Problem } from '../../parts/problem.ts';
import { usePicture } from './use-picture.ts';

interface LivePictureProps {
  readonly address: string;
  readonly alt: string;
  readonly caption?: string;
}

/** A picture that follows its address; the one before stays until the next is there. */
export function LivePicture({ address, alt, caption }: LivePictureProps): VNode {
  const { source, problem, busy } = usePicture(address);
  return html`
    <figure class="generator-picture" aria-busy=${busy ? 'true' : 'false'}>
      ${source === undefined ? html`<div class="generator-blank"></div>` : html`<img src=${source} alt=${alt} />`}
      ${caption !== undefined && html`<figcaption>${caption}</figcaption>`}
      <${Problem} of=${problem} />
    </figure>
  `;
}
