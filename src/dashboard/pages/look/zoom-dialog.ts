import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { number, percent } from '../../format.ts';
import { External } from '../../parts/external.ts';
import { Problem } from '../../parts/problem.ts';
import { texts } from '../../texts.ts';
import type { Drawing } from './drawing.ts';
import { FilmStrip } from './film-strip.ts';
import type { LookedAt } from './look-paths.ts';
import { SeenSide } from './seen-side.ts';
import { type Source, usePicture, useSeen } from './use-seen.ts';
import { useZoom } from './use-zoom.ts';
import { ZOOM_STEP } from './zoom-scale.ts';

const t = texts.look;
/** Pixels that a picture is moved by, with Shift held. */
const STEP_PIXELS = 80;
const WAYS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-STEP_PIXELS, 0],
  ArrowRight: [STEP_PIXELS, 0],
  ArrowUp: [0, -STEP_PIXELS],
  ArrowDown: [0, STEP_PIXELS],
};

interface ZoomDialogProps {
  readonly source: Source;
  readonly pictures: readonly LookedAt[];
  /** Of the picture that is shown. */
  readonly index: number;
  readonly drawing: Drawing;
  /** Beyond the pictures: the page before or after. */
  readonly onIndex: (index: number) => void;
  readonly onClose: () => void;
}

/** One picture in large. Keys: arrows for the next one, + and - to zoom, with Shift to move it, 0 to fit, Escape to close. */
export function ZoomDialog({ source, pictures, index, drawing, onIndex, onClose }: ZoomDialogProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const window = useRef<HTMLDivElement>(null);
  const { zoom, by, fit } = useZoom(window);
  const picture = pictures[index];
  const [left, right] = drawing.sides;
  const full = usePicture(source, picture, true);
  const small = usePicture(source, picture, false);
  const seen = [useSeen(source, picture, left, drawing.layer), useSeen(source, picture, right, drawing.layer)] as const;
  useEffect(() => dialog.current?.showModal(), []);
  const key = (event: KeyboardEvent) => {
    const way = event.shiftKey ? WAYS[event.key] : undefined;
    const act = way === undefined ? actions[event.key] : () => window.current?.scrollBy(...way);
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };
  const actions: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => onIndex(index - 1),
    ArrowRight: () => onIndex(index + 1),
    '+': () => by(ZOOM_STEP),
    '=': () => by(ZOOM_STEP),
    '-': () => by(1 / ZOOM_STEP),
    '0': fit,
  };
  const sides = right === undefined ? [left] : [left, right];
  return html`
    <dialog ref=${dialog} class="look-zoom" aria-label=${picture === undefined ? t.waiting : t.seed(number(picture.seed))} onKeyDown=${key} onClose=${onClose}>
      <header class="look-zoom-head">
        <h2>${picture !== undefined && t.seed(number(picture.seed))}</h2>
        <span class="muted">${seen[0].score !== undefined && t.certainty(percent(seen[0].score))}</span>
        ${picture !== undefined && picture.task !== null && html`<${External} href=${picture.task.url}>${t.task(number(picture.task.id))}<//>`}
        <span class="look-zoom-buttons">
          <button type="button" onClick=${() => by(1 / ZOOM_STEP)} aria-label=${t.smaller}>−</button>
          <button type="button" onClick=${fit}>${percent(zoom)}<span class="hidden"> ${t.fit}</span></button>
          <button type="button" onClick=${() => by(ZOOM_STEP)} aria-label=${t.larger}>+</button>
          <button type="button" onClick=${() => dialog.current?.close()}>${texts.common.close}</button>
        </span>
      </header>
      <${Problem} of=${full.problem ?? seen[0].problem ?? seen[1].problem} />
      <div ref=${window} class="look-window" tabindex="0" autofocus role="group" aria-label=${t.window}>
        <div class=${zoom >= 3 ? 'look-sheet look-sheet-large' : 'look-sheet'} style=${{ '--zoom': zoom, '--sides': sides.length }}>
          ${sides.map(
            (side, at) => html`
              <figure key=${at} class="look-figure">
                ${side !== undefined && sides.length > 1 && html`<figcaption>${drawing.nameOf(side)}</figcaption>`}
                <${SeenSide} picture=${full.value ?? small.value} seen=${seen[at]} side=${side} drawing=${drawing} named />
              </figure>
            `,
          )}
        </div>
      </div>
      <${FilmStrip} source=${source} pictures=${pictures} index=${index} onIndex=${onIndex} />
      <p class="look-keys muted">${t.keys}</p>
    </dialog>
  `;
}
