import { z } from 'zod';
import type { Connection } from './connection.ts';
import { LONG } from './transport.ts';

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
  const rows = await connection.json(ROWS, { method: 'GET', path, query, timeout: LONG, signal });
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
