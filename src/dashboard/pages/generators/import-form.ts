import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Health } from '../../../api/answers.ts';
import { bytes } from '../../format.ts';
import { Choice } from '../../parts/choice.ts';
import { Field, type FieldIds } from '../../parts/field.ts';
import { TextField } from '../../parts/text-field.ts';
import { texts } from '../../texts.ts';
import { useAnswer } from '../../use-answer.ts';
import { EMPTY_DRAFT, faultsOf, type ImportDraft } from './import-draft.ts';
import { ImportOptions } from './import-options.ts';
import { importPath, importUpload } from './imports.ts';

const t = texts.generators;

/** Where the checkpoint is: on the reader's machine, or on the server's. */
type Place = 'here' | 'server';
const PLACES: readonly { readonly value: Place; readonly text: string }[] = [
  { value: 'here', text: t.here },
  { value: 'server', text: t.onServer },
];

/** Begins an import, by upload or by path. */
export function ImportForm(): VNode {
  const { answer: health } = useAnswer<Health>('/api/health');
  const [place, setPlace] = useState<Place>('here');
  const [file, setFile] = useState<File | undefined>();
  const [path, setPath] = useState('');
  const [draft, setDraft] = useState<ImportDraft>(EMPTY_DRAFT);
  const [tried, setTried] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const limit = health?.uploadLimit ?? Number.POSITIVE_INFINITY;
  const missing = place === 'here' ? file === undefined : path.trim() === '';
  const tooLarge = place === 'here' && file !== undefined && file.size > limit;
  const submit = (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (missing || tooLarge || faultsOf(draft).size > 0) return;
    if (place === 'here') importUpload(file!, { ...draft, averageFile: '' });
    else importPath(path.trim(), draft);
    setFile(undefined);
    setPath('');
    setDraft(EMPTY_DRAFT);
    setTried(false);
    if (input.current !== null) input.current.value = '';
  };
  return html`
    <form class="panel generators-import" onSubmit=${submit} noValidate>
      <h2>${t.importTitle}</h2>
      <p class="muted">${t.importText}</p>
      <${Choice} label=${t.place} value=${place} options=${PLACES} onValue=${setPlace} />
      ${
        place === 'here'
          ? html`<${Field} label=${t.file} help=${health === undefined ? undefined : t.fileHelp(bytes(limit))}
              error=${tooLarge ? t.tooLarge(bytes(file!.size), bytes(limit)) : tried && missing ? t.noFile : undefined}>
              ${(ids: FieldIds) => html`<input ...${ids} ref=${input} type="file" onChange=${() => setFile(input.current?.files?.[0])} />`}
            <//>`
          : html`<${TextField} label=${t.path} help=${t.pathHelp} error=${tried && missing ? t.noPath : undefined} value=${path} onValue=${setPath} />`
      }
      <${ImportOptions} draft=${draft} byPath=${place === 'server'} onChange=${(fields: Partial<ImportDraft>) => setDraft({ ...draft, ...fields })} />
      <button class="main">${t.import}</button>
    </form>
  `;
}
