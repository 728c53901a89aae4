import { useEffect, useState } from 'preact/hooks';
import type { Job } from '../../../api/answers.ts';
import { type RequestError, request, shownError } from '../../request.ts';
import { type ImportDraft, importBody, uploadPath } from './import-draft.ts';
import { sendFile } from './send-file.ts';

/** An import that was begun in this browser tab. */
export interface Import {
  readonly key: number;
  readonly file: string;
  /** While a file is sent; null before and after. */
  readonly upload: { readonly sent: number; readonly total: number } | null;
  readonly job: string | null;
  readonly problem: RequestError | null;
  /** Gives the upload up. */
  readonly stop: AbortController;
}

let imports: readonly Import[] = [];
let nextKey = 1;
const watchers = new Set<(imports: readonly Import[]) => void>();

/** Imports of this tab, the newest first. They go on while another view is open. */
export function useImports(): readonly Import[] {
  const [seen, setSeen] = useState(imports);
  useEffect(() => {
    watchers.add(setSeen);
    setSeen(imports);
    return () => {
      watchers.delete(setSeen);
    };
  }, []);
  return seen;
}

/** Sends a file of the reader's machine. Several may be sent at once. */
export function importUpload(file: File, draft: ImportDraft): void {
  const entry = begin(file.name, { sent: 0, total: file.size });
  const onProgress = (sent: number) => change(entry.key, { upload: { sent, total: file.size } });
  void follow(entry, sendFile(uploadPath(file.name, draft), file, { signal: entry.stop.signal, onProgress }));
}

/** Imports a file that the server has. */
export function importPath(file: string, draft: ImportDraft): void {
  const entry = begin(file, null);
  const { signal } = entry.stop;
  void follow(entry, request<Job>('/api/generators', { method: 'POST', body: importBody(file, draft), signal }));
}

/** Takes an import off the list; one that is still sent is given up. */
export function forgetImport({ key, stop }: Import): void {
  stop.abort();
  tell(imports.filter((other) => other.key !== key));
}

function begin(file: string, upload: Import['upload']): Import {
  const entry: Import = { key: nextKey++, file, upload, job: null, problem: null, stop: new AbortController() };
  tell([entry, ...imports]);
  return entry;
}

async function follow({ key }: Import, asked: Promise<Job>): Promise<void> {
  try {
    const { id } = await asked;
    change(key, { upload: null, job: id });
  } catch (thrown) {
    const problem = shownError(thrown);
    if (problem !== undefined) change(key, { upload: null, problem });
  }
}

function change(key: number, fields: Partial<Import>): void {
  tell(imports.map((entry) => (entry.key === key ? { ...entry, ...fields } : entry)));
}

function tell(next: readonly Import[]): void {
  imports = next;
  // A tab that is closed breaks an upload off: the browser asks first.
  const sending = imports.some(({ upload }) => upload !== null);
  window.onbeforeunload = sending ? (event) => event.preventDefault() : null;
  for (const watcher of watchers) watcher(imports);
}
