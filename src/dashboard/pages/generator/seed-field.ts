import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Field, type FieldIds } from '../../parts/field.ts';
import { texts } from '../../texts.ts';
import { LARGEST_SEED, seedOf } from './picture-address.ts';

const t = texts.generator;

/** As far as the slider goes; any seed can be typed. */
const SLIDER_END = 999;

interface SeedFieldProps {
  readonly label: string;
  readonly seed: number;
  readonly onSeed: (seed: number) => void;
}

/** A seed: typed, slid to, or any. */
export function SeedField({ label, seed, onSeed }: SeedFieldProps): VNode {
  const [text, setText] = useState(String(seed));
  useEffect(() => setText(String(seed)), [seed]);
  const type = (event: InputEvent) => {
    const typed = (event.target as HTMLInputElement).value;
    setText(typed);
    const wanted = seedOf(typed);
    if (wanted !== undefined) onSeed(wanted);
  };
  return html`
    <${Field} label=${label} error=${seedOf(text) === undefined ? t.seedFault : undefined}>
      ${(ids: FieldIds) => html`
        <div class="generator-seed">
          <input ...${ids} inputmode="numeric" autocomplete="off" value=${text} onInput=${type} />
          <input type="range" min="0" max=${SLIDER_END} value=${Math.min(seed, SLIDER_END)} aria-label=${t.slide(label)}
            onInput=${(event: InputEvent) => onSeed(Number((event.target as HTMLInputElement).value))} />
          <button type="button" onClick=${() => onSeed(Math.floor(Math.random() * (LARGEST_SEED + 1)))}>${t.anySeed}</button>
        </div>
      `}
    <//>
  `;
}
