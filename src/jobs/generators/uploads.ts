import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Upload } from '../../api/backend.ts';
import { diskFull, isDiskFull } from '../../disk-full.ts';
import { DatasetGanError } from '../../errors.ts';
import { makeFolders, PRIVATE } from '../../make-folders.ts';
import { requireDiskFree } from '../../store/disk-free.ts';

/** The upload itself, the copy that the import reads, and the generator that it writes. */
const COPIES = 3;
/** The disk is looked at again after so many bytes: several may come at once, and not all say how long they are. */
const LOOK_EVERY_BYTES = 64e6;
/** File systems take 255 bytes, and a character may have three. */
const LONGEST_NAME = 80;
const MORE_ROOM = 'Free some space, or set DATA_DIR to a larger disk. Then send the file again.';

/**
 * Writes a file that somebody sends into a folder of its own, piece by piece, and gives its path. Whatever goes wrong, nothing of it stays.
 * @param uploads the folder of all uploads
 * @param name what the sender calls it; only its last part counts
 * @param limit most bytes that are taken
 * @throws DatasetGanError `body-too-large`, `disk-full`, or what `upload` throws when it breaks off
 */
export async function receiveUpload(uploads: string, name: string, upload: Upload, limit: number): Promise<string> {
  if (upload.length !== null && upload.length > limit) throw tooLarge(limit);
  await requireDiskFree(uploads, COPIES * (upload.length ?? 0), MORE_ROOM);
  const file = join(uploads, randomUUID(), fileName(name));
  await makeFolders(dirname(file), PRIVATE);
  try {
    const target = await open(file, 'wx', 0o600);
    try {
      await writePieces(target, uploads, upload, limit);
    } finally {
      await target.close();
    }
    return file;
  } catch (error) {
    await removeUpload(uploads, file);
    throw isDiskFull(error) ? diskFull(uploads, MORE_ROOM, error) : error;
  }
}

async function writePieces(target: FileHandle, uploads: string, { bytes }: Upload, limit: number): Promise<void> {
  let total = 0;
  let looked = 0;
  for await (const piece of bytes) {
    total += piece.byteLength;
    if (total > limit) throw tooLarge(limit);
    await target.appendFile(piece);
    if (total - looked < LOOK_EVERY_BYTES) continue;
    looked = total;
    await requireDiskFree(uploads, 0, MORE_ROOM);
  }
}

/** Removes an upload whose import has ended. What is not an upload stays. */
export async function removeUpload(uploads: string, file: string): Promise<void> {
  const folder = dirname(file);
  if (dirname(folder) === uploads) await rm(folder, { recursive: true, force: true });
}

/** Removes what a process that was killed has left: all uploads but the `files` that imports still wait for. */
export async function removeLostUploads(uploads: string, files: readonly string[]): Promise<void> {
  const kept = new Set(files.map((file) => basename(dirname(file))));
  for (const name of await readdir(uploads)) if (!kept.has(name)) await rm(join(uploads, name), { recursive: true, force: true });
}

/** `C:\nets\My cats.pkl` → `My cats.pkl`. */
function fileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  return last === '' || last === '.' || last === '..' ? 'checkpoint' : last.slice(-LONGEST_NAME);
}

function tooLarge(limit: number): DatasetGanError {
  const megabytes = Math.floor(limit / 1e6).toLocaleString('en');
  return new DatasetGanError('body-too-large', `The file is larger than ${megabytes} MB.`, {
    fix: 'Save only the generator’s moving average, or raise UPLOAD_LIMIT. A file on the server’s disk can be imported by its path.',
  });
}
