import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatasetGanError } from '../errors.ts';

/** Files named by the sha256 of what is in them: written once, never changed. A folder today; S3 has the same calls. */
export interface Blobs {
  /** Keeps the bytes and gives their name: 64 hex digits. Bytes that are already there, undamaged, are not written again. */
  put(bytes: Uint8Array): Promise<string>;
  /** @throws DatasetGanError `corrupt-file` when the blob is missing or its bytes are not those of its name */
  get(sha256: string): Promise<Uint8Array>;
  has(sha256: string): Promise<boolean>;
  /** Removes it; a blob that is not there is no error. */
  delete(sha256: string): Promise<void>;
}

/** Blobs as files of a local folder, spread over 256 subfolders. */
export class BlobFolder implements Blobs {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where the blob is (or would be). The file must not be written to. */
  path(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new DatasetGanError('bad-request', `"${sha256}" is not the name of a blob.`);
    return join(this.#folder, sha256.slice(0, 2), sha256);
  }

  /** Written under a temporary name, synced and renamed: a blob is whole or not there, whenever the power goes. */
  async put(bytes: Uint8Array): Promise<string> {
    const sha256 = digest(bytes);
    const path = this.path(sha256);
    if (await holds(path, sha256)) return sha256;
    await mkdir(dirname(path), { recursive: true });
    const temporary = `${path}.${randomUUID()}.tmp`;
    try {
      await writeSynced(temporary, bytes);
      await rename(temporary, path);
      await syncFolder(dirname(path));
    } catch (cause) {
      await rm(temporary, { force: true });
      if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') throw cause;
      throw new DatasetGanError('disk-full', `The disk that holds ${this.#folder} is full.`, {
        fix: 'Free some space, or set DATA_DIR to a larger disk.',
        cause,
      });
    }
    return sha256;
  }

  async get(sha256: string): Promise<Uint8Array> {
    const path = this.path(sha256);
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw new DatasetGanError('corrupt-file', `The file ${path} cannot be read.`, { fix: RESTORE, cause });
    });
    if (digest(bytes) !== sha256) {
      throw new DatasetGanError('corrupt-file', `The file ${path} is damaged: its sha256 is not its name.`, { fix: RESTORE });
    }
    return bytes;
  }

  async has(sha256: string): Promise<boolean> {
    return await access(this.path(sha256)).then(
      () => true,
      () => false,
    );
  }

  async delete(sha256: string): Promise<void> {
    await rm(this.path(sha256), { force: true });
  }
}

const RESTORE = 'Restore the file from a backup, or delete it and let it be made again.';

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function holds(path: string, sha256: string): Promise<boolean> {
  return await readFile(path).then(
    (bytes) => digest(bytes) === sha256,
    () => false,
  );
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
