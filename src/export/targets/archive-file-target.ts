import { existsSync } from 'node:fs';
import { open as openFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import { DatasetGanError } from '../../errors.ts';
import { makeFolders } from '../../make-folders.ts';
import { onDisk } from '../../on-disk.ts';
import { putInPlace } from '../../write-whole.ts';
import type { ArchiveKind } from '../format-names.ts';
import { archiveTarget } from './archive-target.ts';
import type { ExportTarget } from './export-target.ts';
import { PART } from './folder-target.ts';
import { streamFile } from './stream-file.ts';

/**
 * A new archive. It is written beside its place, as `FILE.datasetgan-part`, and renamed when it is whole. A power cut may
 * damage it: syncing would cost more than writing it again, and its checksums show it.
 * @throws DatasetGanError `bad-request` when the file is there or cannot be written; `disk-full`
 */
export async function archiveFileTarget(file: string, kind: ArchiveKind): Promise<ExportTarget> {
  if (existsSync(file))
    throw new DatasetGanError('bad-request', `The file ${file} already exists.`, {
      fix: 'Choose a file that does not exist, or remove this one.',
    });
  const part = file + PART;
  const atPlace = <T>(work: () => Promise<T>) => onDisk(file, work, 'choose a file on another disk');
  // Opened now, so that an unwritable place is reported before any work is done for it.
  const handle = await atPlace(async () => {
    await makeFolders(dirname(file));
    return openFile(part, 'w');
  });
  const stream = handle.createWriteStream({ highWaterMark: 1 << 20 });
  const { append, close } = streamFile(stream);
  const { write, open, ...archive } = archiveTarget(kind, (bytes) => atPlace(() => append(bytes)));
  return {
    write,
    open,
    async finish() {
      await archive.finish();
      await atPlace(async () => {
        await close();
        await putInPlace(part, file, 'kill');
      });
    },
    async discard() {
      await archive.discard();
      stream.destroy();
      await finished(stream).catch(() => undefined);
      await rm(part, { force: true });
    },
  };
}
