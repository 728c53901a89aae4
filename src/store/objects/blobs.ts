import { createHash } from 'node:crypto';
import { DatasetGanError } from '../../errors.ts';
import type { Storage } from './storage.ts';

/** Objects of the storage named by the sha256 of what is in them, `blobs/<first two digits>/<64 digits>`: written once, never changed. */
export class Blobs {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** Where the blob is (or would be) in the storage. @throws DatasetGanError `bad-request` for what is not a sha256 */
  key(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new DatasetGanError('bad-request', `"${sha256}" is not the name of a blob.`);
    return `blobs/${sha256.slice(0, 2)}/${sha256}`;
  }

  /** Keeps the bytes and gives their name: 64 hex digits. A damaged blob is replaced when its bytes come again. */
  async put(bytes: Uint8Array): Promise<string> {
    const sha256 = sha256Of(bytes);
    await this.#storage.put(this.key(sha256), bytes);
    return sha256;
  }

  /** @throws DatasetGanError `corrupt-file` when the blob is missing or its bytes are not those of its name */
  async get(sha256: string): Promise<Uint8Array> {
    const bytes = await this.#storage.get(this.key(sha256));
    if (sha256Of(bytes) === sha256) return bytes;
    throw new DatasetGanError(
      'corrupt-file',
      `${this.key(sha256)} in the storage (${this.#storage.place}) is damaged: its sha256 differs from its name.`,
      { fix: 'Restore it from a backup, or delete it: the server then makes it again.' },
    );
  }

  async has(sha256: string): Promise<boolean> {
    return await this.#storage.has(this.key(sha256));
  }

  /** Removes it; a blob that is not there is no error. */
  async delete(sha256: string): Promise<void> {
    await this.#storage.delete(this.key(sha256));
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
