import { randomUUID } from 'node:crypto';
import { open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { diskFull, isDiskFull } from '../../disk-full.ts';
import { DatasetGanError } from '../../errors.ts';
import { makeFolders, PRIVATE } from '../../make-folders.ts';
import { fieldOf, messageOf } from '../../thrown.ts';
import { writeFileWhole } from '../../write-whole.ts';
import { folderProblem } from '../folder-problem.ts';
import { checkKey, missingObject, type Storage, type StoredObject } from './storage.ts';

/** No key begins with a dot, so nothing that is still being written is ever listed. */
const UNFINISHED = '.unfinished';
const DAY_MS = 86_400_000;

/** A folder of this machine, or one of a network file system. */
export class FolderStorage implements Storage {
  readonly shared: boolean;
  readonly folder: string;

  constructor(folder: string, shared: boolean) {
    this.folder = folder;
    this.shared = shared;
  }

  get place(): string {
    return `folder ${this.folder}`;
  }

  /**
   * Makes the folder, and removes what a killed process left half written a day ago.
   * @throws DatasetGanError `bad-settings`, `disk-full`
   */
  async prepare(): Promise<this> {
    const folder = join(this.folder, UNFINISHED);
    // One that machines share may be of several users.
    await makeFolders(folder, this.shared ? undefined : PRIVATE).catch((cause: unknown) => {
      throw folderProblem(this.folder, cause, this.shared ? 'STORAGE_URL' : 'DATA_DIR');
    });
    for (const name of await readdir(folder)) {
      const file = join(folder, name);
      const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Date.now() }));
      if (mtimeMs < Date.now() - DAY_MS) await rm(file, { force: true });
    }
    return this;
  }

  /** The file that holds the object (or would). It must not be written to. */
  path(key: string): string {
    return join(this.folder, checkKey(key));
  }

  /** An object outlives a power cut: a row of the database says that it is there. */
  async put(key: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    const path = this.path(key);
    const unfinished = join(this.folder, UNFINISHED, randomUUID());
    await this.#writing(() => writeFileWhole(path, content, { outlives: 'power-cut', unfinished, whenFull: this.#whenFull }));
  }

  async get(key: string): Promise<Uint8Array> {
    return await readFile(this.path(key)).catch((cause: unknown) => {
      throw this.#unreadable(key, cause);
    });
  }

  async stream(key: string): Promise<Readable> {
    const file = await open(this.path(key)).catch((cause: unknown) => {
      throw this.#unreadable(key, cause);
    });
    return file.createReadStream();
  }

  async has(key: string): Promise<boolean> {
    return await stat(this.path(key)).then(
      (found) => found.isFile(),
      (cause: unknown) => {
        if (isMissing(cause)) return false;
        throw this.#unreadable(key, cause);
      },
    );
  }

  async delete(key: string): Promise<void> {
    await this.#writing(() => rm(this.path(key), { force: true }));
  }

  async deleteAll(prefix: string): Promise<void> {
    await this.#writing(() => rm(this.path(prefix), { recursive: true, force: true }));
  }

  async *list(prefix: string): AsyncGenerator<StoredObject> {
    const entries = await readdir(this.path(prefix), { withFileTypes: true }).catch((cause: unknown) => {
      if (isMissing(cause)) return [];
      throw this.#unreadable(prefix, cause);
    });
    for (const entry of entries) {
      const key = `${prefix}/${entry.name}`;
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) yield* this.list(key);
      else {
        const found = await stat(this.path(key)).catch(() => undefined);
        if (found !== undefined) yield { key, bytes: found.size };
      }
    }
  }

  async link(): Promise<undefined> {
    return undefined;
  }

  get #whenFull(): string {
    return `Free some space, or set ${this.shared ? 'STORAGE_URL' : 'DATA_DIR'} to a larger disk.`;
  }

  #unreadable(key: string, cause: unknown): DatasetGanError {
    return isMissing(cause) ? missingObject(key, this.place, cause) : this.#down(cause);
  }

  async #writing<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (cause) {
      // What the content's own source threw is not ours to explain.
      if (isDiskFull(cause)) throw diskFull(this.folder, this.#whenFull, cause);
      if (FILE_ERRORS.has(fieldOf(cause, 'code'))) throw this.#down(cause);
      throw cause;
    }
  }

  #down(cause: unknown): DatasetGanError {
    return new DatasetGanError('storage-down', `The storage (${this.place}) cannot be used: ${messageOf(cause)}`, {
      fix: 'Check that the folder exists and that this user may read and write it.',
      cause,
    });
  }
}

const FILE_ERRORS: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EROFS', 'EIO', 'ENOTDIR', 'ESTALE', 'EMFILE', 'ENOENT']);

function isMissing(cause: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '');
}
