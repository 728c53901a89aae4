import { PassThrough } from 'node:stream';
import { DatasetGanError } from '../errors.ts';
import type { ExportTarget } from './export-target.ts';
import { streamFile } from './stream-file.ts';

/** What is needed of an object storage. */
export interface ObjectStorage {
  readonly place: string;
  put(key: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void>;
  deleteAll(prefix: string): Promise<void>;
  list(prefix: string): AsyncIterable<unknown>;
}

/** Files that are on their way to the storage at once. */
const AT_ONCE = 8;

/**
 * Objects under `prefix/`. They are seen while the export runs; it is whole when SHA256SUMS, the last one, is there.
 * @param replace what is there is removed first, instead of refused
 * @throws DatasetGanError `bad-request` when something is there, and the storage's own
 */
export async function storageTarget(storage: ObjectStorage, prefix: string, replace = false): Promise<ExportTarget> {
  if (replace) await storage.deleteAll(prefix);
  else
    for await (const _object of storage.list(prefix))
      throw new DatasetGanError('bad-request', `There are objects under ${prefix}/ in the storage (${storage.place}).`, {
        fix: 'Name a prefix that nothing is under, or remove them.',
      });
  const key = (path: string) => `${prefix}/${path}`;
  const open = new Set<PassThrough>();
  const underWay = new Set<Promise<void>>();
  let failure: unknown;
  return {
    /** Uploads take a while each: the next pairs are made meanwhile. */
    async write(path, bytes) {
      const upload = storage
        .put(key(path), bytes)
        .catch((error: unknown) => {
          failure ??= error;
        })
        .finally(() => underWay.delete(upload));
      underWay.add(upload);
      if (underWay.size >= AT_ONCE) await Promise.race(underWay);
      if (failure !== undefined) throw failure;
    },
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
          await Promise.all(underWay);
          if (failure !== undefined) throw failure;
          await close();
          await stored;
          open.delete(stream);
        },
      };
    },
    async finish() {
      await Promise.all(underWay);
      if (failure !== undefined) throw failure;
    },
    async discard() {
      for (const stream of open) stream.destroy();
      await Promise.all(underWay);
      await storage.deleteAll(prefix);
    },
  };
}
