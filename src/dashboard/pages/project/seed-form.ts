import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Job } from '../../../api/answers.ts';
import { projectPath } from '../../address.ts';
import { number } from '../../format.ts';
import { Problem } from '../../parts/problem.ts';
import { TextField } from '../../parts/text-field.ts';
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
      <${TextField} label=${t.count} help=${t.countHelp} error=${errors.count} keys="numeric" value=${form.count}
        onValue=${(count: string) => setForm({ ...form, count })} />
      <${TextField} label=${t.candidates} help=${trained ? t.candidatesHelp : t.needsVersion} error=${errors.candidates} keys="numeric"
        value=${form.candidates} onValue=${(candidates: string) => setForm({ ...form, candidates })} />
      <${Problem} of=${problem} />
      <button type="submit" class="main" disabled=${order === undefined || busy}>${t.send}</button>
    </form>
  `;
}
