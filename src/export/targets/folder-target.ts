import { createWriteStream, type WriteStream } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatasetGanError } from '../../errors.ts';
import { makeFolders } from '../../make-folders.ts';
import { onDisk } from '../../on-disk.ts';
import { putInPlace } from '../../write-whole.ts';
import type { ExportTarget } from './export-target.ts';
import { streamFile } from './stream-file.ts';
import { WritesUnderWay } from './writes-under-way.ts';

/** Behind a name that nobody else gives: what is left under it, by a process that was killed, is removed. */
export const PART = '.datasetgan-part';

/**
 * A new folder. It is written beside its place, as `FOLDER.datasetgan-part`, and renamed when it is whole. A power
 * cut may damage it: syncing every file would cost more than writing them again, and their checksums show it.
 * @param replace what is there is removed when the new one is whole, instead of refused
 * @throws DatasetGanError `bad-request` when the folder is there and not empty, or cannot be written; `disk-full`
 */
export async function folderTarget(folder: string, replace = false): Promise<ExportTarget> {
  if (!replace) await requireEmpty(folder);
  const part = folder + PART;
  await onDisk(folder, async () => {
    await rm(part, { recursive: true, force: true });
    await makeFolders(part);
  });
  const made = new Set<string>();
  const open = new Set<WriteStream>();
  const writes = new WritesUnderWay();
  const place = async (path: string): Promise<string> => {
    const file = join(part, path);
    const parent = dirname(file);
    if (!made.has(parent)) await makeFolders(parent);
    made.add(parent);
    return file;
  };
  return {
    write: (path, bytes) => writes.begin(() => onDisk(folder, async () => writeFile(await place(path), bytes))),
    async open(path) {
      const file = await onDisk(folder, () => place(path));
      const stream = createWriteStream(file, { highWaterMark: 1 << 20 });
      open.add(stream);
      const { append, close } = streamFile(stream);
      return { append: (content) => onDisk(folder, () => append(content)), close: () => onDisk(folder, close) };
    },
    finish: () =>
      onDisk(folder, async () => {
        await writes.done();
        if (!replace) await requireEmpty(folder);
        await rm(folder, { recursive: true, force: true });
        await putInPlace(part, folder, 'kill');
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
      fix: 'Choose a folder that does not exist.',
      cause: error,
    });
  });
  if (entries.length === 0) return;
  throw new DatasetGanError('bad-request', `The folder ${folder} is not empty.`, {
    fix: 'Choose a folder that does not exist, or empty this one.',
  });
}
