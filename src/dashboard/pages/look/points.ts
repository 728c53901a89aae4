import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { percent } from '../../format.ts';
import { texts } from '../../texts.ts';
import type { ShownLabel } from './label-colours.ts';
import { cssColour } from './parse-colour.ts';
import type { Seen } from './use-seen.ts';

const t = texts.look;

interface PointsProps {
  readonly seen: Pick<Seen, 'points' | 'size'>;
  readonly keypoints: readonly ShownLabel[];
  /** Each can be reached by keyboard, and says its name then. */
  readonly named: boolean;
}

/** Keypoints over a picture; their names show on hover, and where they are named on focus, too. */
export function Points({ seen: { points, size }, keypoints, named }: PointsProps): VNode | null {
  if (size === undefined) return null;
  return html`${points.map(({ name, x, y, score }) => {
    const known = keypoints.find((keypoint) => keypoint.name.toLowerCase() === name.toLowerCase());
    // The truth has points that nobody asks for in this project.
    if (known === undefined) return null;
    const style = {
      left: `${(100 * x) / size.width}%`,
      top: `${(100 * y) / size.height}%`,
      background: cssColour(known.colour),
    };
    const told = score === undefined ? name : t.point(name, percent(score));
    return named
      ? html`<button type="button" key=${name} class="look-point" style=${style} aria-label=${told} data-name=${told}></button>`
      : html`<span key=${name} class="look-point" style=${style} title=${told}></span>`;
  })}`;
}
