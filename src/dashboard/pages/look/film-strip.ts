import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { number } from '../../format.ts';
import { texts } from '../../texts.ts';
import type { LookedAt } from './look-paths.ts';
import { labelPalette } from './overlay.ts';
import { SeenCanvas } from './seen-canvas.ts';
import { type Source, usePicture } from './use-seen.ts';

const t = texts.look;
const NOTHING = labelPalette([]);

interface FilmStripProps {
  readonly source: Source;
  readonly pictures: readonly LookedAt[];
  readonly index: number;
  readonly onIndex: (index: number) => void;
}

/** The pictures of the page in small, in one line, with an arrow at each end. */
export function FilmStrip({ source, pictures, index, onIndex }: FilmStripProps): VNode {
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    line.current?.querySelector('[aria-current=true]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [index]);
  return html`
    <nav class="look-strip" aria-label=${t.strip}>
      <button type="button" onClick=${() => onIndex(index - 1)} aria-label=${t.before}>‹</button>
      <div class="look-strip-line" ref=${line}>
        ${pictures.map((picture, at) => html`<${Frame} key=${at} source=${source} picture=${picture} isShown=${at === index} onShow=${() => onIndex(at)} />`)}
      </div>
      <button type="button" onClick=${() => onIndex(index + 1)} aria-label=${t.after}>›</button>
    </nav>
  `;
}

interface FrameProps {
  readonly source: Source;
  readonly picture: LookedAt;
  readonly isShown: boolean;
  readonly onShow: () => void;
}

function Frame({ source, picture, isShown, onShow }: FrameProps): VNode {
  const { value } = usePicture(source, picture, false);
  return html`
    <button type="button" class="look-frame" aria-current=${isShown ? 'true' : undefined} aria-label=${t.seed(number(picture.seed))} onClick=${onShow}>
      <${SeenCanvas} picture=${value} map=${undefined} palette=${NOTHING} opacity=${0} />
    </button>
  `;
}
