import { type FileDraft, listUploads, MAX_FILES, uploadFiles } from '../client/uploads.ts';
import type { Connection } from '../connection/connection.ts';
import { CHUNK_BYTES, chunks } from './chunks.ts';
import { pushAttempt } from './push-attempt.ts';

/** Paths of uploaded files by file name, for one project. */
export type UploadPaths = Map<string, string>;

/** What is there already. Read it once before the first push of a job: also the job before this one, that was killed, may have pushed. */
export async function knownUploads(connection: Connection, project: number, signal?: AbortSignal): Promise<UploadPaths> {
  const paths: UploadPaths = new Map();
  for (const { name, path, size } of await listUploads(connection, project, { signal })) {
    // A row without its file, or a repeated upload: the first that is whole counts.
    if (size !== null && size > 0 && !paths.has(name)) paths.set(name, path);
  }
  return paths;
}

/**
 * Uploads those files whose names `known` lacks, adds them to it, and answers the path of each file in order. Names must be unique within
 * the project and stand for the content.
 */
export async function pushUploads(
  connection: Connection,
  project: number,
  files: readonly FileDraft[],
  known: UploadPaths,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (done: number) => void } = {},
): Promise<string[]> {
  const { signal, onProgress } = options;
  let done = 0;
  for (const chunk of chunks(files, ({ bytes }) => bytes.length, { bytes: CHUNK_BYTES, count: MAX_FILES })) {
    let unsure = false;
    await pushAttempt(
      connection,
      async () => {
        if (unsure) for (const [name, path] of await knownUploads(connection, project, signal)) known.set(name, path);
        return chunk.filter(({ name }) => !known.has(name));
      },
      async (missing) => {
        unsure = true;
        for (const { name, path } of await uploadFiles(connection, project, missing, signal)) known.set(name, path);
      },
      signal,
    );
    done += chunk.length;
    onProgress?.(done);
  }
  return files.map(({ name }) => known.get(name) ?? '');
}
