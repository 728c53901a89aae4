import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { type Drawing, usePalette } from './drawing.ts';
import { Points } from './points.ts';
import { SeenCanvas } from './seen-canvas.ts';
import type { Seen } from './use-seen.ts';

interface SeenSideProps {
  readonly picture: ImageBitmap | undefined;
  readonly seen: Seen;
  readonly side: string | undefined;
  readonly drawing: Drawing;
  /** Keypoints can be reached by keyboard. */
  readonly named?: boolean;
}

/** A picture as one version sees it, or as it is. */
export function SeenSide({ picture, seen, side, drawing, named = false }: SeenSideProps): VNode {
  const palette = usePalette(drawing, side, seen.labels);
  return html`
    <span class="look-side">
      <${SeenCanvas} picture=${picture} map=${seen.map} palette=${palette} opacity=${drawing.opacity} />
      ${drawing.keypoints && picture !== undefined && html`<${Points} seen=${seen} keypoints=${drawing.keypointLabels} named=${named} />`}
    </span>
  `;
}
