import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { number } from '../../format.ts';
import { bodySchema, fieldSchema, numberLimits, type OpenApi } from '../../limits.ts';
import { TextField } from '../../parts/text-field.ts';
import { readNumber } from '../../read-number.ts';
import { texts } from '../../texts.ts';
import { useAnswer } from '../../use-answer.ts';

const t = texts.dataset;

interface DatasetExtensionProps {
  readonly busy: boolean;
  readonly onExtend: (count: number) => void;
}

/** How many pairs to add, by the limits of the server. */
export function DatasetExtension({ busy, onExtend }: DatasetExtensionProps): VNode {
  const [typed, setTyped] = useState('');
  const { answer } = useAnswer<OpenApi>('/openapi.json');
  const { from, to } = numberLimits(fieldSchema(bodySchema(answer, 'DatasetExtension'), ['count']));
  const count = readNumber(typed);
  const right = count === undefined || (Number.isInteger(count) && count >= from && count <= to);
  const send = (event: Event) => {
    event.preventDefault();
    if (count === undefined || !right) return;
    onExtend(count);
    setTyped('');
  };
  return html`
    <form class="dataset-extension" noValidate onSubmit=${send}>
      <${TextField} label=${t.extendBy} help=${t.extendHelp} keys="numeric" value=${typed} onValue=${setTyped}
        error=${right ? undefined : texts.order.errors.whole(number(from), number(to))} />
      <button type="submit" disabled=${busy || count === undefined || !right}>${t.extend}</button>
    </form>
  `;
}
