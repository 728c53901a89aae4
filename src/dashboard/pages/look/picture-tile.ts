import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { number, percent } from '../../format.ts';
import { External } from '../../parts/external.ts';
import { texts } from '../../texts.ts';
import type { Drawing } from './drawing.ts';
import type { LookedAt } from './look-paths.ts';
import { differingShare } from './overlay.ts';
import { SeenSide } from './seen-side.ts';
import { type Seen, type Source, usePicture, useSeen } from './use-seen.ts';

const t = texts.look;

interface PictureTileProps {
  readonly source: Source;
  /** undefined: it is not known yet which one comes here. */
  readonly picture: LookedAt | undefined;
  readonly drawing: Drawing;
  readonly onOpen: () => void;
}

/** One picture of the gallery, with its seed, how certain the version is, and how much two of them differ. */
export function PictureTile({ source, picture, drawing, onOpen }: PictureTileProps): VNode {
  const [left, right] = drawing.sides;
  const shown = usePicture(source, picture, false);
  const seen = [useSeen(source, picture, left, drawing.layer), useSeen(source, picture, right, drawing.layer)] as const;
  const problem = shown.problem ?? seen[0].problem ?? seen[1].problem;
  const sides = right === undefined ? [left] : [left, right];
  return html`
    <li class="look-tile">
      <button type="button" class="look-open" disabled=${picture === undefined} onClick=${onOpen}
        aria-label=${picture === undefined ? t.waiting : t.open(number(picture.seed))}>
        ${sides.map((side, index) => html`<${SeenSide} key=${index} picture=${shown.value} seen=${seen[index]} side=${side} drawing=${drawing} />`)}
      </button>
      <p class="look-caption">${picture !== undefined && html`<${Caption} picture=${picture} seen=${seen} drawing=${drawing} />`}</p>
      ${problem !== undefined && html`<p class="look-failed">${problem.message}</p>`}
    </li>
  `;
}

function Caption({
  picture,
  seen: [one, other],
  drawing,
}: {
  readonly picture: LookedAt;
  readonly seen: readonly [Seen, Seen];
  readonly drawing: Drawing;
}): VNode {
  const differing = useMemo(
    () =>
      drawing.layer !== 'masks' || one.map === undefined || other.map === undefined
        ? undefined
        : differingShare({ map: one.map, labels: one.labels }, { map: other.map, labels: other.labels }),
    [drawing.layer, one.map, other.map, one.labels.length, other.labels.length],
  );
  return html`
    <span>${t.seed(number(picture.seed))}</span>
    ${one.score !== undefined && html`<span class="muted" title=${t.certaintyHelp}>${t.certainty(percent(one.score))}</span>`}
    ${differing !== undefined && html`<span class="muted">${t.differing(percent(differing, 1))}</span>`}
    ${picture.task !== null && html`<${External} href=${picture.task.url}>${t.task(number(picture.task.id))}<//>`}
  `;
}
