import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { onDisk } from '../../on-disk.ts';
import { type ExportFile, utf8 } from './export-target.ts';
import { streamFile } from './stream-file.ts';

/** A file in the folder for temporary files: written first, then read once. */
export interface Spool extends ExportFile {
  /** Bytes so far, and their CRC-32. */
  readonly size: number;
  readonly crc32: number;
  /** After close. */
  read(): AsyncIterable<Uint8Array>;
  remove(): Promise<void>;
}

const OTHER = 'set TMPDIR to a folder on another disk';

/** @throws DatasetGanError `disk-full` */
export async function openSpool(): Promise<Spool> {
  const folder = await onDisk(tmpdir(), () => mkdtemp(join(tmpdir(), 'datasetgan-')), OTHER);
  const path = join(folder, 'spool');
  const stream = createWriteStream(path, { highWaterMark: 1 << 20 });
  const file = streamFile(stream);
  let size = 0;
  let checksum = 0;
  return {
    get size() {
      return size;
    },
    get crc32() {
      return checksum;
    },
    append(content) {
      const bytes = typeof content === 'string' ? utf8(content) : content;
      size += bytes.byteLength;
      checksum = crc32(bytes, checksum);
      return onDisk(folder, () => file.append(bytes), OTHER);
    },
    close: () => onDisk(folder, file.close, OTHER),
    read: () => createReadStream(path, { highWaterMark: 1 << 20 }),
    async remove() {
      stream.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
