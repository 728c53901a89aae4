import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { Answer, GeneratorSummary, ProjectDetail, VersionSummary } from '../../../api/answers.ts';
import { projectPath } from '../../address.ts';
import { number, share } from '../../format.ts';
import { SelectField } from '../../parts/select-field.ts';
import { TextField } from '../../parts/text-field.ts';
import { texts } from '../../texts.ts';
import { useAnswer } from '../../use-answer.ts';
import type { OrderDraft } from './order-draft.ts';
import type { OrderPartProps } from './order-part-props.ts';

const t = texts.order;
/** More would not be looked through. */
const MOST_VERSIONS = 200;

interface OrderMakingProps extends OrderPartProps {
  readonly id: string;
  readonly project: ProjectDetail;
  readonly generator: GeneratorSummary | undefined;
}

type TextName = 'filter' | 'psi' | 'cutoff' | 'classes' | 'seedStart' | 'ignoreAbove';

/** By which version, from which pictures. What is left empty is as the server says. */
export function OrderMaking({ draft, errors, change, estimate, id, project, generator }: OrderMakingProps): VNode {
  const { answer } = useAnswer<Answer<'VersionPage'>>(projectPath(id, `/versions?limit=${MOST_VERSIONS}`));
  const versions = answer?.versions ?? project.versions;
  const field = (name: TextName, label: string, help: string, now?: string) => html`
    <${TextField} label=${label} help=${help} error=${errors[name]} value=${draft[name]}
      keys=${name === 'cutoff' || name === 'classes' ? 'text' : name === 'seedStart' ? 'numeric' : 'decimal'}
      placeholder=${now === undefined ? undefined : t.current(now)}
      onValue=${(value: string) => change({ [name]: value } satisfies Partial<OrderDraft>)} />
  `;
  const layers = (cutoff: number | null) => (cutoff === null ? t.allLayers : number(cutoff));
  return html`
    <details class="panel">
      <summary><h2>${t.made}</h2></summary>
      <${SelectField} label=${t.version} value=${draft.version} onValue=${(version: string) => change({ version })}
        options=${[{ value: '', text: t.newest(project.currentVersion ?? '') }, ...versions.map(choiceOf)]} />
      ${field('filter', t.filter, t.filterHelp, estimate && number(100 * estimate.filter, 1))}
      ${field('psi', t.psi, t.psiHelp, estimate && number(estimate.psi, 3))}
      ${field('cutoff', t.cutoff, t.cutoffHelp, estimate && layers(estimate.cutoff))}
      ${generator !== undefined && generator.classes > 0 && field('classes', t.classes, t.classesHelp(number(generator.classes)))}
      ${field('seedStart', t.seedStart, t.seedHelp, estimate && String(estimate.seedStart))}
      ${field('ignoreAbove', t.ignore, t.ignoreHelp)}
    </details>
  `;
}

function choiceOf({ id, annotatedImages, mIoU }: VersionSummary): { readonly value: string; readonly text: string } {
  return { value: id, text: t.versionName(id, number(annotatedImages), mIoU === null ? '' : t.mIoU(share(mIoU))) };
}
