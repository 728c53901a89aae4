import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Job } from '../../../api/answers.ts';
import { projectPath } from '../../address.ts';
import { number } from '../../format.ts';
import { Field, type FieldIds } from '../../parts/field.ts';
import { Problem } from '../../parts/problem.ts';
import { say } from '../../parts/toast.ts';
import { type RequestError, request, shownError } from '../../request.ts';
import { texts } from '../../texts.ts';
import { checkSeedForm } from './seed-order.ts';

const t = texts.project.seed;

/** Asks for more tasks with generated pictures. */
export function SeedForm({ id, trained }: { readonly id: string; readonly trained: boolean }): VNode {
  const [form, setForm] = useState({ count: '16', candidates: '' });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<RequestError | undefined>();
  const { order, errors } = checkSeedForm(form, trained);
  const input =
    (name: keyof typeof form) =>
    ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) =>
      setForm({ ...form, [name]: currentTarget.value });
  const send = async (event: Event) => {
    event.preventDefault();
    if (order === undefined || busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await request<Job>(projectPath(id, '/seed'), { method: 'POST', body: order });
      say(t.asked(number(order.count)));
    } catch (thrown) {
      setProblem(shownError(thrown));
    }
    setBusy(false);
  };
  return html`
    <form onSubmit=${send} noValidate>
      <${Field} label=${t.count} help=${t.countHelp} error=${errors.count}>
        ${(ids: FieldIds) => html`<input inputmode="numeric" value=${form.count} onInput=${input('count')} ...${ids} />`}
      <//>
      <${Field} label=${t.candidates} help=${trained ? t.candidatesHelp : t.needsVersion} error=${errors.candidates}>
        ${(ids: FieldIds) => html`<input inputmode="numeric" value=${form.candidates} onInput=${input('candidates')} ...${ids} />`}
      <//>
      <${Problem} of=${problem} />
      <button type="submit" class="main" disabled=${order === undefined || busy}>${t.send}</button>
    </form>
  `;
}
