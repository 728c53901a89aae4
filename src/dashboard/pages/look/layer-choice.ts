import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import { number, percent } from '../../format.ts';
import { Slider } from '../../parts/slider.ts';
import { texts } from '../../texts.ts';
import { LAYERS, type LookSettings } from './look-settings.ts';
import { HOTTEST, heatColour } from './overlay.ts';
import { cssColour } from './parse-colour.ts';

const t = texts.look;
/** Steps of the scale beside the heat map. */
const STEPS = 24;

interface LayerChoiceProps {
  readonly settings: LookSettings;
  readonly hasKeypoints: boolean;
  readonly onChange: (settings: LookSettings) => void;
}

/** What is drawn over the pictures, and how strongly. */
export function LayerChoice({ settings, hasKeypoints, onChange }: LayerChoiceProps): VNode {
  const { layer, opacity, keypoints } = settings;
  const name = useId();
  return html`
    <fieldset class="look-layers">
      <legend>${t.over}</legend>
      ${LAYERS.map((choice) => html`<label key=${choice}><input type="radio" name=${name} checked=${layer === choice} onChange=${() => onChange({ ...settings, layer: choice })} /> ${t.layers[choice]}</label>`)}
      ${hasKeypoints && html`<label><input type="checkbox" checked=${keypoints} onChange=${() => onChange({ ...settings, keypoints: !keypoints })} /> ${t.keypoints}</label>`}
      <${Slider} label=${t.opacity} value=${opacity} max=${1} step=${0.01} told=${percent(opacity)}
        onValue=${(value: number) => onChange({ ...settings, opacity: value })} />
      ${layer === 'uncertainty' && html`<${HeatScale} />`}
    </fieldset>
  `;
}

function HeatScale(): VNode {
  return html`
    <div class="look-heat" role="img" aria-label=${t.heatHelp}>
      <span>${number(0)}</span>
      <span class="look-heat-bar">${Array.from({ length: STEPS }, (_, step) => {
        const [red, green, blue, alpha] = heatColour(step / (STEPS - 1));
        return html`<span key=${step} style=${{ background: cssColour([red, green, blue]), opacity: alpha / 255 }}></span>`;
      })}</span>
      <span>${t.nats(number(HOTTEST / 100, 1))}</span>
    </div>
    <p class="field-help">${t.heatHelp}</p>
  `;
}
