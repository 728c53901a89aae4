import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { texts } from '../../texts.ts';
import type { Drawing } from './drawing.ts';
import type { LookedAt } from './look-paths.ts';
import { PAGE_SIZE } from './look-query.ts';
import { PictureTile } from './picture-tile.ts';
import type { Source } from './use-seen.ts';

const t = texts.look;

interface GalleryProps {
  readonly source: Source;
  /** undefined while it is not known which. */
  readonly pictures: readonly LookedAt[] | undefined;
  readonly drawing: Drawing;
  /** The one that was just looked at in large: the keyboard goes on from there. */
  readonly focused: number | undefined;
  readonly onOpen: (index: number) => void;
  readonly onPage: (by: -1 | 1) => void;
}

/** Pictures in rows. Arrow keys go from one to the next, Page Up and Page Down turn the page. */
export function Gallery({ source, pictures, drawing, focused, onOpen, onPage }: GalleryProps): VNode {
  const list = useRef<HTMLUListElement>(null);
  const buttons = () => [...(list.current?.querySelectorAll<HTMLElement>('.look-open') ?? [])];
  useEffect(() => {
    if (focused !== undefined) buttons()[focused]?.focus();
  }, [focused]);
  const key = (event: KeyboardEvent) => {
    const turn = ({ PageUp: -1, PageDown: 1 } as const)[event.key];
    if (turn !== undefined) onPage(turn);
    const to = neighbour(buttons(), event.key);
    to?.focus();
    if (turn !== undefined || to !== undefined) event.preventDefault();
  };
  const shown: readonly (LookedAt | undefined)[] = pictures ?? Array.from({ length: PAGE_SIZE }, () => undefined);
  return html`
    <ul ref=${list} class=${drawing.sides.length > 1 ? 'look-gallery look-gallery-wide' : 'look-gallery'} aria-label=${t.gallery} onKeyDown=${key}>
      ${shown.map(
        (picture, index) =>
          html`<${PictureTile} key=${index} source=${source} picture=${picture} drawing=${drawing} onOpen=${() => onOpen(index)} />`,
      )}
    </ul>
  `;
}

/** The element that an arrow key leads to: the next in the list, or the nearest one of the next row in the same column. */
function neighbour(all: readonly HTMLElement[], key: string): HTMLElement | undefined {
  const at = all.indexOf(document.activeElement as HTMLElement);
  const own = all[at]?.getBoundingClientRect();
  if (own === undefined) return undefined;
  const inColumn = (element: HTMLElement) => Math.abs(element.getBoundingClientRect().left - own.left) < 2;
  switch (key) {
    case 'ArrowRight':
      return all[at + 1];
    case 'ArrowLeft':
      return all[at - 1];
    case 'ArrowDown':
      return all.slice(at + 1).find(inColumn);
    case 'ArrowUp':
      return all.slice(0, at).findLast(inColumn);
    default:
      return undefined;
  }
}
