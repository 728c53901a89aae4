import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { Field, type FieldIds } from './field.ts';

interface SliderProps {
  readonly label: string;
  readonly help?: string;
  readonly value: number;
  readonly max: number;
  readonly step?: number;
  /** The value in words. */
  readonly told: string;
  readonly onValue: (value: number) => void;
}

/** A number from 0 up, chosen by sliding; arrow keys go step by step. */
export function Slider({ label, help, value, max, step = 1, told, onValue }: SliderProps): VNode {
  return html`
    <${Field} label=${label} help=${help}>
      ${(ids: FieldIds) => html`
        <div class="slider">
          <input ...${ids} type="range" min="0" max=${max} step=${step} value=${value} aria-valuetext=${told}
            onInput=${(event: InputEvent) => onValue(Number((event.target as HTMLInputElement).value))} />
          <output for=${ids.id}>${told}</output>
        </div>
      `}
    <//>
  `;
}
