import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import type { ProjectSummary } from '../../../api/answers.ts';
import { fieldSchema, type Schema, wordsOf } from '../../limits.ts';
import { Choice } from '../../parts/choice.ts';
import { Field, type FieldIds } from '../../parts/field.ts';
import { SelectField } from '../../parts/select-field.ts';
import { TextField } from '../../parts/text-field.ts';
import { texts } from '../../texts.ts';
import { useAnswer } from '../../use-answer.ts';
import type { OrderPartProps } from './order-part-props.ts';

const t = texts.order;
const DESTINATIONS = ['new', 'named', 'files'] as const;
const PUSHES = ['predictions', 'annotations'] as const;

/** How many pairs, what they are called, and where they go. */
export function OrderWhat(props: OrderPartProps & { readonly host: string; readonly schema: Schema }): VNode {
  const { draft, errors, change, host, schema } = props;
  const forms = wordsOf(fieldSchema(schema, ['regions']));
  return html`
    <section class="panel">
      <h2>${t.what}</h2>
      <${TextField} label=${t.count} help=${t.countHelp} error=${errors.count} value=${draft.count} keys="numeric"
        onValue=${(count: string) => change({ count })} />
      <${TextField} label=${t.name} help=${t.nameHelp} error=${errors.title} value=${draft.title}
        onValue=${(title: string) => change({ title })} />
      <${Choice} label=${t.where} value=${draft.destination}
        options=${DESTINATIONS.map((value) => ({ value, text: t.destinations[value] }))}
        onValue=${(destination: (typeof DESTINATIONS)[number]) => change({ destination })} />
      ${draft.destination === 'named' && html`<${NamedProject} ...${props} host=${host} />`}
      ${
        draft.destination !== 'files' &&
        html`
          <${Choice} label=${t.push} value=${draft.push} options=${PUSHES.map((value) => ({ value, text: t.pushes[value] }))}
            onValue=${(push: (typeof PUSHES)[number]) => change({ push })} />
          <${SelectField} label=${t.regions} value=${draft.regions}
            options=${[{ value: '', text: t.regionsLike }, ...forms.map((value) => ({ value, text: t.regionForms[value] ?? value }))]}
            onValue=${(regions: string) => change({ regions })} />
        `
      }
    </section>
  `;
}

/** The number of a project, with those that were made for datasets as suggestions. */
function NamedProject({ draft, errors, change, host }: OrderPartProps & { readonly host: string }): VNode {
  const list = useId();
  const { answer } = useAnswer<readonly ProjectSummary[]>('/api/projects');
  const known = answer?.filter((project) => project.kind === 'dataset' && project.host === host && project.state !== 'gone');
  return html`
    <${Field} label=${t.named} help=${t.namedHelp} error=${errors.named}>
      ${(ids: FieldIds) => html`
        <input ...${ids} type="text" inputmode="numeric" autocomplete="off" list=${list} value=${draft.named}
          onInput=${(event: InputEvent) => change({ named: (event.currentTarget as HTMLInputElement).value })} />
        <datalist id=${list}>${known?.map(({ id, title }) => html`<option key=${id} value=${id}>${title}</option>`)}</datalist>
      `}
    <//>
  `;
}
