import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';

export interface Tab {
  readonly name: string;
  readonly show: () => ComponentChildren;
}

/** One of several views; arrow keys, Home and End go from tab to tab. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }): VNode {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState(0);
  const current = Math.min(chosen, tabs.length - 1);
  const choose = (index: number) => {
    setChosen(index);
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[index]?.focus();
  };
  const key = (event: KeyboardEvent) => {
    const last = tabs.length - 1;
    const to = {
      ArrowRight: current === last ? 0 : current + 1,
      ArrowLeft: current === 0 ? last : current - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(to);
  };
  return html`
    <div class="tabs" role="tablist" aria-label=${label} ref=${list} onKeyDown=${key}>
      ${tabs.map(
        (
          { name },
          index,
        ) => html`<button type="button" role="tab" id=${`${id}-${index}`} aria-selected=${index === current ? 'true' : 'false'}
          aria-controls=${`${id}-panel`} tabindex=${index === current ? 0 : -1} onClick=${() => choose(index)}>${name}</button>`,
      )}
    </div>
    <div role="tabpanel" id=${`${id}-panel`} aria-labelledby=${`${id}-${current}`}>${tabs[current]?.show()}</div>
  `;
}
