import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { GeneratorDetail } from '../../../api/answers.ts';
import { GENERATORS, toGenerator } from '../../address.ts';
import { Confirm } from '../../parts/confirm.ts';
import { Problem } from '../../parts/problem.ts';
import { TextField } from '../../parts/text-field.ts';
import { say } from '../../parts/toast.ts';
import { type RequestError, request, shownError } from '../../request.ts';
import { texts } from '../../texts.ts';

const t = texts.generator;

/** Rename and remove, for a generator that somebody imported. */
export function Manage({ generator: { name } }: { readonly generator: GeneratorDetail }): VNode {
  const [text, setText] = useState(name);
  const [problem, setProblem] = useState<RequestError | undefined>();
  const path = `/api/generators/${encodeURIComponent(name)}`;
  const rename = async (event: Event) => {
    event.preventDefault();
    try {
      await request(`${path}/rename`, { method: 'POST', body: { name: text } });
      say(t.renamed(name, text));
      location.hash = toGenerator(text);
    } catch (thrown) {
      setProblem(shownError(thrown));
    }
  };
  const remove = async () => {
    await request(path, { method: 'DELETE' });
    say(t.removed(name));
    location.hash = GENERATORS;
  };
  return html`
    <section class="panel">
      <h2>${t.manage}</h2>
      <form onSubmit=${rename}>
        <${TextField} label=${t.newName} help=${t.newNameHelp} value=${text} onValue=${setText} />
        <${Problem} of=${problem} />
        <div class="buttons"><button disabled=${text === name || text === ''}>${t.rename}</button></div>
      </form>
      <${Confirm} label=${t.remove} question=${t.removeQuestion(name)} onConfirm=${remove} />
    </section>
  `;
}
