import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatasetGanError } from '../errors.ts';
import type { ExportTarget } from './export-target.ts';
import { streamFile } from './stream-file.ts';
import { WritesUnderWay } from './writes-under-way.ts';

/** Behind a name that nobody else gives: what is left under it, by a process that was killed, is removed. */
export const PART = '.datasetgan-part';

/**
 * A new folder. It is written beside its place, as `FOLDER.datasetgan-part`, and renamed when it is whole.
 * @param replace what is there is removed when the new one is whole, instead of refused
 * @throws DatasetGanError `bad-request` when the folder is there and not empty; `disk-full`
 */
export async function folderTarget(folder: string, replace = false): Promise<ExportTarget> {
  if (!replace) await requireEmpty(folder);
  const part = folder + PART;
  await asFull(folder, async () => {
    await rm(part, { recursive: true, force: true });
    await mkdir(part, { recursive: true });
  });
  const made = new Set<string>();
  const open = new Set<WriteStream>();
  const writes = new WritesUnderWay();
  const place = async (path: string): Promise<string> => {
    const file = join(part, path);
    const parent = dirname(file);
    if (!made.has(parent)) await mkdir(parent, { recursive: true });
    made.add(parent);
    return file;
  };
  return {
    write: (path, bytes) => writes.begin(() => asFull(folder, async () => writeFile(await place(path), bytes))),
    async open(path) {
      const file = await asFull(folder, () => place(path));
      const stream = createWriteStream(file, { highWaterMark: 1 << 20 });
      open.add(stream);
      const { append, close } = streamFile(stream);
      return { append: (content) => asFull(folder, () => append(content)), close: () => asFull(folder, close) };
    },
    finish: () =>
      asFull(folder, async () => {
        await writes.done();
        if (!replace) await requireEmpty(folder);
        await rm(folder, { recursive: true, force: true });
        await rename(part, folder);
      }),
    async discard() {
      for (const stream of open) stream.destroy();
      await writes.settled();
      await rm(part, { recursive: true, force: true });
    },
  };
}

async function requireEmpty(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new DatasetGanError('bad-request', `${folder} cannot be used as a folder: ${error.message}`, {
      fix: 'Name a folder that does not exist yet.',
      cause: error,
    });
  });
  if (entries.length === 0) return;
  throw new DatasetGanError('bad-request', `The folder ${folder} is not empty.`, {
    fix: 'Name a folder that does not exist yet, or empty this one.',
  });
}

/**
 * Says which disk is full.
 * @param other what else the reader can do about it
 */
export async function asFull<T>(folder: string, work: () => Promise<T>, other = 'name a folder on another disk'): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new DatasetGanError('disk-full', `The disk that holds ${folder} is full; nothing of the export is left on it.`, {
        fix: `Free some space, or ${other}.`,
        cause: thrown,
      });
    if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM')
      throw new DatasetGanError('bad-request', `${folder} cannot be written: ${(thrown as Error).message}`, {
        fix: 'Name a folder that this user may write.',
        cause: thrown,
      });
    throw thrown;
  }
}
