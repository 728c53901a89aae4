import { statfs } from 'node:fs/promises';
import { DatasetGanError } from '../errors.ts';

/** Below this many free bytes no new work is taken on: the database needs room to finish what it has. */
const MIN_DISK_FREE = 256e6;

/** Bytes that this process may still write on the disk that holds `folder`, which must exist. */
export async function diskFree(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/**
 * Refuses work that the disk has no room for.
 * @param needed bytes that the work itself will write
 * @param fix what the reader can do
 * @throws DatasetGanError `disk-full` when fewer than `needed` + 256 MB are free
 */
export async function requireDiskFree(
  folder: string,
  needed = 0,
  fix = 'Free some space, set DATA_DIR to a larger disk, or order less.',
): Promise<void> {
  const free = await diskFree(folder);
  if (free >= needed + MIN_DISK_FREE) return;
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
  const wanted = needed === 0 ? megabytes(MIN_DISK_FREE) : `${megabytes(needed)} and a reserve of ${megabytes(MIN_DISK_FREE)}`;
  throw new DatasetGanError(
    'disk-full',
    `Only ${megabytes(free)} are free on the disk that holds ${folder}; ${wanted} are needed.`,
    { fix },
  );
}
