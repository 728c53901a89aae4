import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { GeneratorSummary } from '../../../api/answers.ts';
import { toGenerator } from '../../address.ts';
import { number } from '../../format.ts';
import { texts } from '../../texts.ts';

const t = texts.generators;

/** A generator in the list. Its id stays when it is renamed, so pictures are asked for by it. */
export function GeneratorCard({ generator }: { readonly generator: GeneratorSummary }): VNode {
  const { name, id, family, labelSize, classes, licence } = generator;
  return html`
    <li class="panel">
      <h2><a href=${toGenerator(name)}>${name}</a></h2>
      <img class="generators-sheet" src=${`/api/generators/${id}/samples.png`} alt=${t.samplesOf(name)} loading="lazy" />
      <p class="muted">${t.summary(t.families[family] ?? family, number(labelSize))}${classes > 0 && `, ${t.classes(number(classes))}`}</p>
      <p>${t.licenceOf(licence)}</p>
    </li>
  `;
}
