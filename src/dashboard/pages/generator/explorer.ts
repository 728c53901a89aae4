import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { GeneratorDetail } from '../../../api/answers.ts';
import { number, percent } from '../../format.ts';
import { SelectField } from '../../parts/select-field.ts';
import { Slider } from '../../parts/slider.ts';
import { texts } from '../../texts.ts';
import { LivePicture } from './live-picture.ts';
import { LARGEST_SEED, type PictureChoice, pictureAddress } from './picture-address.ts';
import { SeedField } from './seed-field.ts';

const t = texts.generator;

const NEIGHBOURS = 6;
const SMALL_PX = 160;

/** Pictures of any seed, psi, cutoff and class, and what is between two. */
export function Explorer({ generator }: { readonly generator: GeneratorDetail }): VNode {
  const { layers, classes } = generator;
  const [choice, setChoice] = useState<PictureChoice>({
    seed: 0,
    psi: generator.psi,
    cutoff: generator.cutoff ?? layers,
    class: 0,
    mix: 1,
    share: 0.5,
  });
  const [mixes, setMixes] = useState(false);
  const set = (fields: Partial<PictureChoice>) => setChoice({ ...choice, ...fields });
  const { seed, psi, cutoff, mix, share } = choice;
  const all = cutoff >= layers;
  return html`
    <section class="panel generator-explorer" aria-label=${t.explore}>
      <div class="generator-controls">
        <h2>${t.explore}</h2>
        <${SeedField} label=${t.seed} seed=${seed} onSeed=${(value: number) => set({ seed: value })} />
        <${Slider} label=${t.psi} help=${t.psiHelp} value=${psi} max=${1.5} step=${0.05} told=${number(psi, 2)}
          onValue=${(value: number) => set({ psi: value })} />
        <${Slider} label=${t.cutoff} help=${t.cutoffHelp} value=${cutoff} max=${layers} told=${all ? t.allLayers : number(cutoff)}
          onValue=${(value: number) => set({ cutoff: value })} />
        ${
          classes > 0 &&
          html`<${SelectField} label=${t.class} value=${String(choice.class)} options=${numbersBelow(classes)}
          onValue=${(value: string) => set({ class: Number(value) })} />`
        }
        <label class="generator-mixes"><input type="checkbox" checked=${mixes} onChange=${() => setMixes(!mixes)} /> ${t.mixes}</label>
        ${
          mixes &&
          html`
            <${SeedField} label=${t.second} seed=${mix} onSeed=${(value: number) => set({ mix: value })} />
            <${Slider} label=${t.share} help=${t.shareHelp} value=${share} max=${1} step=${0.05} told=${percent(share)}
              onValue=${(value: number) => set({ share: value })} />
          `
        }
      </div>
      <div class="generator-shown">
        <${LivePicture} address=${pictureAddress(generator, choice, { mixed: mixes })}
          alt=${mixes ? t.mixedOf(seed, mix) : t.pictureOf(seed)} caption=${mixes ? t.mixed : t.seedCaption(seed)} />
        ${
          mixes
            ? html`<div class="generator-strip">
                <${LivePicture} address=${pictureAddress(generator, choice, { width: SMALL_PX })} alt=${t.pictureOf(seed)} caption=${t.seedCaption(seed)} />
                <${LivePicture} address=${pictureAddress(generator, { ...choice, seed: mix }, { width: SMALL_PX })} alt=${t.pictureOf(mix)} caption=${t.seedCaption(mix)} />
              </div>`
            : html`<${Neighbours} generator=${generator} choice=${choice} onSeed=${(value: number) => set({ seed: value })} />`
        }
      </div>
    </section>
  `;
}

interface NeighboursProps {
  readonly generator: GeneratorDetail;
  readonly choice: PictureChoice;
  readonly onSeed: (seed: number) => void;
}

/** Pictures of the seeds that follow. */
function Neighbours({ generator, choice, onSeed }: NeighboursProps): VNode {
  const seeds = Array.from({ length: NEIGHBOURS }, (_, index) => choice.seed + index + 1).filter((seed) => seed <= LARGEST_SEED);
  return html`
    <div class="generator-strip">
      ${seeds.map(
        (seed, place) => html`
          <button type="button" key=${place} aria-label=${t.show(seed)} onClick=${() => onSeed(seed)}>
            <${LivePicture} address=${pictureAddress(generator, { ...choice, seed }, { width: SMALL_PX })} alt="" caption=${String(seed)} />
          </button>
        `,
      )}
    </div>
  `;
}

function numbersBelow(count: number): { value: string; text: string }[] {
  return Array.from({ length: count }, (_, index) => ({ value: String(index), text: String(index) }));
}
