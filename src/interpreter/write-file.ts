import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatasetGanError } from '../errors.ts';
import { makeFolders } from '../make-folders.ts';

/**
 * Writes a whole file or nothing: under a temporary name in the same folder, synced, then renamed over the old one.
 * @throws DatasetGanError `disk-full`
 */
export async function writeFileWhole(file: string, chunks: readonly Uint8Array[]): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await makeFolders(dirname(file));
    const handle = await open(temporary, 'w');
    try {
      for (const chunk of chunks) await handle.writeFile(chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new DatasetGanError('disk-full', `The disk is full: ${file} could not be written.`, {
        fix: 'Free some space in DATA_DIR; the next attempt goes on from what is there.',
        cause,
      });
    throw cause;
  }
}
