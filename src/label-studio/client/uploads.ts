import { z } from 'zod';
import { DatasetGanError } from '../../errors.ts';
import type { Connection } from '../connection/connection.ts';
import { LONG_TIMEOUT_MS } from '../connection/transport.ts';

const ROWS = z.array(z.looseObject({ id: z.number(), file: z.string(), size: z.number().nullish() }));

/** A file in Label Studio. */
export interface Upload {
  readonly id: number;
  /** As it was sent; Label Studio puts eight hex digits before it. */
  readonly name: string;
  /** For `task.data`: where Label Studio serves it, relative to its address. */
  readonly path: string;
  /** Bytes; null when the file is missing on its disk. */
  readonly size: number | null;
}

/** Uploads of a project by the key's user: those with these ids, or all. */
export async function listUploads(
  connection: Connection,
  project: number,
  options: { readonly ids?: readonly number[]; readonly signal?: AbortSignal | undefined } = {},
): Promise<Upload[]> {
  const { ids, signal } = options;
  const query = ids === undefined ? { all: true } : { ids: JSON.stringify(ids) };
  const path = `/api/projects/${project}/file-uploads`;
  const rows = await connection.json(ROWS, { method: 'GET', path, query, timeout: LONG_TIMEOUT_MS, signal });
  return rows.map(({ id, file, size }) => {
    const name = file.slice(file.lastIndexOf('/') + 1).replace(/^[0-9a-f]{8}-/, '');
    return { id, name, path: `/data/${file}`, size: size ?? null };
  });
}

/** Deletes upload rows; the files of tasks that use them are then no longer served. */
export async function deleteUploads(
  connection: Connection,
  project: number,
  ids: readonly number[],
  signal?: AbortSignal,
): Promise<void> {
  if (ids.length === 0) return;
  const path = `/api/projects/${project}/file-uploads`;
  await connection.done({ method: 'DELETE', path, body: { file_upload_ids: ids }, signal });
}

export interface FileDraft {
  /** Letters, digits, dot, dash and underscore, at most 60; Label Studio changes others. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly type: string;
}

/** Label Studio refuses more files in one request (Django's DATA_UPLOAD_MAX_NUMBER_FILES). */
export const MAX_FILES = 100;

const UPLOADED = z.looseObject({ file_upload_ids: z.array(z.number()) });

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
  const { file_upload_ids: ids } = await connection.json(UPLOADED, {
    method: 'POST',
    path,
    query,
    form,
    timeout: LONG_TIMEOUT_MS,
    signal,
  });
  const rows = new Map((await listUploads(connection, project, { ids, signal })).map((row) => [row.id, row]));
  return files.map(({ name }, index) => {
    const row = rows.get(ids[index] ?? -1);
    if (row?.name === name) return row;
    throw new DatasetGanError(
      'label-studio-error',
      `Label Studio at ${connection.base} lists the upload of ${name} as ${row?.name ?? 'nothing'}.`,
      { fix: 'Nothing to do: the server pushes the missing ones again.' },
    );
  });
}
