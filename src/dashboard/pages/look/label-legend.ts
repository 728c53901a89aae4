import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { texts } from '../../texts.ts';
import { OTHERS, type ShownLabel } from './label-colours.ts';
import { toggled } from './look-settings.ts';
import { cssColour } from './parse-colour.ts';

const t = texts.look;

interface LabelLegendProps {
  readonly labels: readonly ShownLabel[];
  /** Names of those that are not drawn. */
  readonly hidden: ReadonlySet<string>;
  readonly onHidden: (hidden: ReadonlySet<string>) => void;
}

/** The labels with their colours; each can be left out. */
export function LabelLegend({ labels, hidden, onHidden }: LabelLegendProps): VNode {
  return html`
    <fieldset class="look-labels">
      <legend>${t.labels}</legend>
      <div class="look-label-list">
        ${labels.map(
          ({
            name,
            colour,
          }) => html`<label key=${name}><input type="checkbox" checked=${!hidden.has(name)} onChange=${() => onHidden(toggled(hidden, name))} />
            <span class="look-swatch" style=${{ background: cssColour(colour) }}></span> ${name}</label>`,
        )}
      </div>
      <div class="buttons">
        <button type="button" onClick=${() => onHidden(new Set(labels.filter(({ isBackground }) => isBackground).map(({ name }) => name)))}>${t.allLabels}</button>
        <button type="button" onClick=${() => onHidden(new Set([...labels.map(({ name }) => name), OTHERS]))}>${t.noLabels}</button>
      </div>
    </fieldset>
  `;
}
