import { z } from 'zod';
import { DatasetGanError } from '../../errors.ts';
import type { Connection } from './connection.ts';
import { LONG } from './transport.ts';
import { listUploads, type Upload } from './uploads.ts';

export interface FileDraft {
  /** Letters, digits, dot, dash and underscore, at most 60; Label Studio changes others. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly type: string;
}

/** Label Studio refuses more files in one request (Django's DATA_UPLOAD_MAX_NUMBER_FILES). */
export const MAX_FILES = 100;

const ANSWER = z.looseObject({ file_upload_ids: z.array(z.number()) });

/**
 * Uploads files into a project without making tasks of them: at most 100 and about 30 MB a call. Answers them in order.
 * Not idempotent: a repeated call stores them again under other paths.
 */
export async function uploadFiles(
  connection: Connection,
  project: number,
  files: readonly FileDraft[],
  signal?: AbortSignal,
): Promise<Upload[]> {
  if (files.length === 0) return [];
  const form = new FormData();
  files.forEach(({ name, bytes, type }, index) => {
    if (!/^[\w.-]{1,60}$/.test(name)) throw new RangeError(`File name ${name} has characters that Label Studio would change.`);
    form.append(`file${index}`, new Blob([new Uint8Array(bytes)], { type }), name);
  });
  const path = `/api/projects/${project}/import`;
  const query = { commit_to_project: false };
  const { file_upload_ids: ids } = await connection.json(ANSWER, { method: 'POST', path, query, form, timeout: LONG, signal });
  const rows = new Map((await listUploads(connection, project, { ids, signal })).map((row) => [row.id, row]));
  return files.map(({ name }, index) => {
    const row = rows.get(ids[index] ?? -1);
    if (row?.name === name) return row;
    throw new DatasetGanError(
      'label-studio-error',
      `Label Studio at ${connection.base} lists the upload of ${name} as ${row?.name ?? 'nothing'}.`,
      { fix: 'Nothing to do: what is missing is pushed again.' },
    );
  });
}
