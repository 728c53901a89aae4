import { PassThrough } from 'node:stream';
import { DatasetGanError } from '../../errors.ts';
import type { ExportTarget } from './export-target.ts';
import { streamFile } from './stream-file.ts';
import { WritesUnderWay } from './writes-under-way.ts';

/** What is needed of an object storage. */
export interface ObjectStorage {
  readonly place: string;
  put(key: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void>;
  deleteAll(prefix: string): Promise<void>;
  list(prefix: string): AsyncIterable<unknown>;
}

/**
 * Objects under `prefix/`. They are seen while the export runs; it is whole when SHA256SUMS, the last one, is there.
 * @param replace what is there is removed first, instead of refused
 * @throws DatasetGanError `bad-request` when something is there, and the storage's own
 */
export async function storageTarget(storage: ObjectStorage, prefix: string, replace = false): Promise<ExportTarget> {
  if (replace) await storage.deleteAll(prefix);
  else
    for await (const _object of storage.list(prefix))
      throw new DatasetGanError('bad-request', `The storage (${storage.place}) already has objects under ${prefix}/.`, {
        fix: 'Choose an unused prefix, or remove these objects.',
      });
  const key = (path: string) => `${prefix}/${path}`;
  const open = new Set<PassThrough>();
  const uploads = new WritesUnderWay();
  return {
    write: (path, bytes) => uploads.begin(() => storage.put(key(path), bytes)),
    async open(path) {
      const stream = new PassThrough();
      open.add(stream);
      const stored = storage.put(key(path), stream).catch((error: unknown) => {
        stream.destroy(error as Error);
        throw error;
      });
      stored.catch(() => undefined);
      const { append, close } = streamFile(stream);
      return {
        append,
        async close() {
          // The checksums come last: they say that all the rest is there.
          await uploads.done();
          await close();
          await stored;
          open.delete(stream);
        },
      };
    },
    finish: () => uploads.done(),
    async discard() {
      for (const stream of open) stream.destroy();
      await uploads.settled();
      await storage.deleteAll(prefix);
    },
  };
}
