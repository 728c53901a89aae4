import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExportFile } from './export-target.ts';
import { asFull } from './folder-target.ts';
import { streamFile } from './stream-file.ts';

/** A file in the folder for temporary files: written first, then read once. */
export interface Spool extends ExportFile {
  /** Bytes so far. */
  readonly size: number;
  /** After close. */
  read(): AsyncIterable<Uint8Array>;
  remove(): Promise<void>;
}

const OTHER = 'set TMPDIR to a folder on another disk';

/** @throws DatasetGanError `disk-full` */
export async function openSpool(): Promise<Spool> {
  const folder = await asFull(tmpdir(), () => mkdtemp(join(tmpdir(), 'datasetgan-')), OTHER);
  const path = join(folder, 'spool');
  const stream = createWriteStream(path, { highWaterMark: 1 << 20 });
  const file = streamFile(stream);
  let size = 0;
  return {
    get size() {
      return size;
    },
    append(content) {
      size += typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength;
      return asFull(folder, () => file.append(content), OTHER);
    },
    close: () => asFull(folder, file.close, OTHER),
    read: () => createReadStream(path, { highWaterMark: 1 << 20 }),
    async remove() {
      stream.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
