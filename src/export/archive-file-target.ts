import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import { DatasetGanError } from '../errors.ts';
import { type ArchiveKind, archiveTarget } from './archive-target.ts';
import type { ExportTarget } from './export-target.ts';
import { asFull, PART } from './folder-target.ts';
import { streamFile } from './stream-file.ts';

/**
 * A new archive. It is written beside its place, as `FILE.datasetgan-part`, and renamed when it is whole.
 * @throws DatasetGanError `bad-request` when the file is there; `disk-full`
 */
export async function archiveFileTarget(file: string, kind: ArchiveKind): Promise<ExportTarget> {
  if (existsSync(file))
    throw new DatasetGanError('bad-request', `The file ${file} is there already.`, {
      fix: 'Name a file that does not exist yet, or remove this one.',
    });
  const part = file + PART;
  const onDisk = <T>(work: () => Promise<T>) => asFull(file, work, 'name a file on another disk');
  await onDisk(() => mkdir(dirname(file), { recursive: true }));
  const stream = createWriteStream(part, { highWaterMark: 1 << 20 });
  const { append, close } = streamFile(stream);
  const { write, open, ...archive } = archiveTarget(kind, (bytes) => onDisk(() => append(bytes)));
  return {
    write,
    open,
    async finish() {
      await archive.finish();
      await onDisk(async () => {
        await close();
        await rename(part, file);
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
