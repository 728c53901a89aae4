import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { number } from '../../format.ts';
import { Field, type FieldIds } from '../../parts/field.ts';
import { texts } from '../../texts.ts';
import { type LookQuery, PAGE_SIZE, turnPage, wholeNumber } from './look-query.ts';

const t = texts.look;

interface SeedBarProps {
  readonly query: LookQuery;
  /** Of tasks, or seeds. */
  readonly total: number | undefined;
  readonly onChange: (query: LookQuery) => void;
}

/** Which pictures are shown: those of tasks or of any seeds, and from which on. */
export function SeedBar({ query, total = 0, onChange }: SeedBarProps): VNode {
  const { of, start } = query;
  const end = Math.min(start + PAGE_SIZE, total);
  const turn = (by: -1 | 1) => onChange({ ...query, start: turnPage(start, by, total) });
  const shown =
    of === 'tasks' ? t.tasksShown(number(start + 1), number(end), number(total)) : t.seedsShown(number(start), number(end - 1));
  return html`
    <div class="look-bar">
      <fieldset class="look-of">
        <legend class="hidden">${t.whichPictures}</legend>
        ${(['tasks', 'seeds'] as const).map(
          (choice) => html`<label><input type="radio" name="look-of" checked=${of === choice}
            onChange=${() => onChange({ ...query, of: choice, start: 0 })} /> ${t.of[choice]}</label>`,
        )}
      </fieldset>
      <nav class="look-pages" aria-label=${t.pages}>
        <button type="button" disabled=${start === 0} onClick=${() => turn(-1)} aria-label=${t.pageBefore}>‹</button>
        <span aria-live="polite">${total > 0 && shown}</span>
        <button type="button" disabled=${end >= total} onClick=${() => turn(1)} aria-label=${t.pageAfter}>›</button>
      </nav>
      <${JumpToSeed} start=${of === 'seeds' ? start : undefined} onJump=${(seed: number) => onChange({ ...query, of: 'seeds', start: seed })} />
    </div>
  `;
}

function JumpToSeed({ start, onJump }: { readonly start: number | undefined; readonly onJump: (seed: number) => void }): VNode {
  const [typed, setTyped] = useState('');
  useEffect(() => setTyped(start === undefined ? '' : String(start)), [start]);
  const seed = wholeNumber(typed);
  const error = typed !== '' && seed === undefined ? t.noSeed : undefined;
  const jump = (event: Event) => {
    event.preventDefault();
    if (seed !== undefined) onJump(seed);
  };
  return html`
    <form class="look-jump" onSubmit=${jump}>
      <${Field} label=${t.jump} error=${error}>
        ${(ids: FieldIds) => html`<input ...${ids} inputmode="numeric" autocomplete="off" size="10" value=${typed}
          onInput=${({ currentTarget }: { currentTarget: HTMLInputElement }) => setTyped(currentTarget.value)} />`}
      <//>
      <button type="submit" disabled=${seed === undefined}>${t.go}</button>
    </form>
  `;
}
