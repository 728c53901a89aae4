import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ProjectPictures } from '../../../api/answers.ts';
import { texts } from '../../texts.ts';
import type { Drawing } from './drawing.ts';
import { Gallery } from './gallery.ts';
import { type LookQuery, turnPage } from './look-query.ts';
import { WaitNote } from './wait-note.ts';
import { ZoomDialog } from './zoom-dialog.ts';

interface LookPicturesProps {
  readonly id: string;
  readonly query: LookQuery;
  readonly pictures: ProjectPictures | undefined;
  readonly drawing: Drawing;
  readonly onChange: (query: LookQuery) => void;
}

/** A page of pictures, and one of them in large where the reader wants it. */
export function LookPictures({ id, query, pictures, drawing, onChange }: LookPicturesProps): VNode {
  /** 'last': of a page that is not here yet. */
  const [zoomed, setZoomed] = useState<number | 'last' | undefined>();
  const [focused, setFocused] = useState<number | undefined>();
  const total = pictures?.total ?? 0;
  const count = pictures?.pictures.length ?? 0;
  const source = { project: id, generator: pictures?.generator ?? '' };
  const turn = (by: -1 | 1): boolean => {
    const start = turnPage(query.start, by, total);
    if (start !== query.start) onChange({ ...query, start });
    return start !== query.start;
  };
  const index = zoomed === 'last' ? count - 1 : zoomed;
  const show = (next: number) => {
    if (next >= 0 && next < count) setZoomed(next);
    else if (turn(next < 0 ? -1 : 1)) setZoomed(next < 0 ? 'last' : 0);
  };
  const open = (at: number) => {
    setFocused(undefined);
    setZoomed(at);
  };
  const close = () => {
    setFocused(index);
    setZoomed(undefined);
  };
  return html`
    <${WaitNote} />
    ${drawing.sides.length > 1 && html`<p class="muted">${texts.look.sides(...drawing.sides.map(drawing.nameOf))}</p>`}
    <${Gallery} source=${source} pictures=${pictures?.pictures} drawing=${drawing} focused=${focused} onOpen=${open} onPage=${turn} />
    ${index !== undefined && html`<${ZoomDialog} source=${source} pictures=${pictures?.pictures ?? []} index=${index} drawing=${drawing} onIndex=${show} onClose=${close} />`}
  `;
}
