import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { diskFull, isDiskFull } from './disk-full.ts';
import { makeFolders } from './make-folders.ts';
import { syncTree } from './sync-tree.ts';

/**
 * What a file or folder must outlive, once the call that wrote it has returned. `power-cut`: it is synced to the disk before it gets its name, and the
 * name after. `kill`: a power cut may leave it empty, so it is something that is checked when it is read, or made again.
 */
export type Outlives = 'kill' | 'power-cut';

export interface WholeOptions {
  readonly outlives: Outlives;
  /** Mode of the file, or of the folder itself; what the process usually gives when left out. */
  readonly mode?: number;
  /**
   * Where it is until it is whole, on the same disk. Default: beside its place, under a name of its own that begins with a dot, which backups, the
   * storage and the library of generators pass over.
   */
  readonly unfinished?: string;
  /** What the reader can do when the disk is full. */
  readonly whenFull?: string;
}

/**
 * Writes a file so that whoever looks sees the old one or the new one, never a part. The folders above it are made.
 * @throws DatasetGanError `disk-full`; the system's error, and what `content` throws
 */
export async function writeFileWhole(
  file: string,
  content: string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  options: WholeOptions,
): Promise<void> {
  await writeWhole(file, options, async (unfinished) => {
    await makeFolders(dirname(unfinished));
    await writeFile(unfinished, content, { mode: options.mode });
  });
}

/**
 * Makes a folder that is not there (or is empty) so that it is whole from the moment it has its name. What is at its unfinished place is removed.
 * @param fill writes into the folder that it is given
 * @returns what `fill` returns
 * @throws DatasetGanError `disk-full`; the system's error (ENOTEMPTY when the folder is there by now), and what `fill` throws
 */
export async function writeFolderWhole<T>(
  folder: string,
  options: WholeOptions,
  fill: (unfinished: string) => Promise<T>,
): Promise<T> {
  return await writeWhole(folder, options, async (unfinished) => {
    await rm(unfinished, { recursive: true, force: true });
    await makeFolders(unfinished, options.mode);
    return await fill(unfinished);
  });
}

/** Gives its name to what was written under another one on the same disk. A file of that name is replaced, a folder only when it is empty. */
export async function putInPlace(unfinished: string, place: string, outlives: Outlives): Promise<void> {
  if (outlives === 'power-cut') await syncTree(unfinished);
  await rename(unfinished, place);
  if (outlives === 'power-cut') await syncTree(dirname(place), false);
}

async function writeWhole<T>(place: string, options: WholeOptions, write: (unfinished: string) => Promise<T>): Promise<T> {
  const { outlives, unfinished = join(dirname(place), `.${basename(place)}.${randomUUID()}.tmp`) } = options;
  try {
    const result = await write(unfinished);
    await makeFolders(dirname(place));
    await putInPlace(unfinished, place, outlives);
    return result;
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true }).catch(() => undefined);
    throw isDiskFull(cause) ? diskFull(place, options.whenFull ?? 'Free some space there, then try again.', cause) : cause;
  }
}
