import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { DatasetDetail, GeneratorSummary } from '../../../api/answers.ts';
import { projectId, toGenerator, toProject } from '../../address.ts';
import { number, percent } from '../../format.ts';
import { type Column, Table } from '../../parts/table.ts';
import { texts } from '../../texts.ts';
import { useAnswer } from '../../use-answer.ts';
import type { DatasetPartProps } from './dataset-part-props.ts';

const t = texts.dataset;

/** By which version it was made, from which pictures, and by what rules. */
export function DatasetSettings({ dataset }: DatasetPartProps): VNode {
  const { version, generator, psi, cutoff, classes, filter, rules, ignoreAbove, formats, parts, project } = dataset;
  const generators = useAnswer<readonly GeneratorSummary[]>('/api/generators');
  const name = generators.answer?.find(({ id }) => id === generator)?.name;
  return html`
    <dl class="facts">
      <dt>${t.version}</dt><dd><a href=${toProject(projectId(project))}><code>${version}</code></a></dd>
      <dt>${t.generator}</dt><dd>${name === undefined ? html`<code>${generator}</code>` : html`<a href=${toGenerator(name)}>${name}</a>`}</dd>
      <dt>${t.psi}</dt><dd>${number(psi, 3)}${cutoff !== null && t.cutoff(number(cutoff))}</dd>
      ${classes !== null && html`<dt>${t.classes}</dt><dd>${String(classes)}</dd>`}
      <dt>${t.filter}</dt><dd>${percent(filter, 1)}</dd>
      ${rules.length > 0 && html`<dt>${t.rules}</dt><dd>${rules.map((rule) => html`<p key=${rule}>${rule}</p>`)}</dd>`}
      ${ignoreAbove !== null && html`<dt>${t.ignore}</dt><dd>${t.nats(number(ignoreAbove, 3))}</dd>`}
      ${formats.length > 0 && html`<dt>${t.formats}</dt><dd>${formats.join(', ')}</dd>`}
    </dl>
    <${Table} caption=${t.parts} columns=${COLUMNS} rows=${parts.map((part, index) => ({ ...part, index }))}
      keyOf=${({ index }: PartRow) => index} />
  `;
}

type PartRow = DatasetDetail['parts'][number] & { readonly index: number };

/** Seeds are names of pictures: without the thousands of the locale. */
const COLUMNS: readonly Column<PartRow>[] = [
  { name: t.part, of: ({ index }) => (index === 0 ? t.order : t.extension(number(index))) },
  { name: t.firstSeed, of: ({ seedStart }) => String(seedStart), right: true },
  { name: t.lastSeed, of: ({ lastSeed }) => (lastSeed === null ? t.open : String(lastSeed)), right: true },
  { name: t.asked, of: ({ asked }) => number(asked), right: true },
  { name: t.delivered, of: ({ delivered }) => (delivered === null ? t.open : number(delivered)), right: true },
];
