import type { Readable } from 'node:stream';
import { DatasetGanError } from '../../errors.ts';

export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
}

/**
 * Where large things are kept under keys such as `shards/3f…/12.tar`: a folder of this machine, or S3-compatible object storage. An object is
 * whole or not there, whenever a process is killed or the power goes; of two writers of a key the last one wins.
 * Every call throws DatasetGanError `storage-down` when the storage does not answer (which may pass), `bad-settings` when it refuses us.
 */
export interface Storage {
  /** STORAGE_URL names it, so that every machine that has the same STORAGE_URL sees the same objects. */
  readonly shared: boolean;
  /** Folder of this machine that it is in, for questions of disk space; null for S3. */
  readonly folder: string | null;
  /** In words, for messages. */
  readonly place: string;
  /** @throws DatasetGanError `disk-full` */
  put(key: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void>;
  /** @throws DatasetGanError `corrupt-file` when there is no such object */
  get(key: string): Promise<Uint8Array>;
  /** The object's bytes in constant memory. @throws DatasetGanError `corrupt-file` when there is no such object */
  stream(key: string): Promise<Readable>;
  has(key: string): Promise<boolean>;
  /** An object that is not there is no error. */
  delete(key: string): Promise<void>;
  /** Removes every object whose key begins with `prefix/`. */
  deleteAll(prefix: string): Promise<void>;
  /** The objects whose keys begin with `prefix/`, in no particular order (servers differ). */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** An address from which anyone can read the object for that many seconds (at most 7 days); undefined for a folder. */
  link(key: string, seconds: number): Promise<string | undefined>;
}

/**
 * Checks a key or prefix: parts of letters, digits, `.`, `_` and `-` with `/` between them, none of which begins with a dot.
 * @throws DatasetGanError `bad-request`
 */
export function checkKey(key: string): string {
  if (/^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/.test(key)) return key;
  throw new DatasetGanError('bad-request', `"${key}" is not a valid key of the storage.`, {
    fix: 'Use letters, digits, ".", "_" and "-", with "/" between the parts.',
  });
}

export function missingObject(key: string, place: string, cause: unknown): DatasetGanError {
  return new DatasetGanError('corrupt-file', `${key} is not in the storage (${place}).`, {
    fix: 'Restore it from a backup, or let the server make it again.',
    cause,
  });
}
