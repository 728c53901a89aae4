import { diskFull, isDiskFull } from './disk-full.ts';
import { DatasetGanError } from './errors.ts';

/** The place cannot be used: no permission, a file where a folder must be, a system folder that takes none, a name too long … */
const UNFIT = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOENT',
  'ENOTDIR',
  'EEXIST',
  'EISDIR',
  'EINVAL',
  'ENAMETOOLONG',
  'ELOOP',
  'EBUSY',
  'ENXIO',
  'ENOTSUP',
]);

/**
 * Writes at a place that the user named, and says what is wrong with it.
 * @param other what else the reader can do when the disk is full
 * @throws DatasetGanError `disk-full`, `bad-request` for a place that cannot be written, and whatever else `work` throws
 */
export async function onDisk<T>(place: string, work: () => Promise<T>, other = 'choose a folder on another disk'): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (isDiskFull(thrown)) throw diskFull(place, `Free some space, or ${other}.`, thrown);
    const { code = '', message } = thrown as NodeJS.ErrnoException;
    if (UNFIT.has(code))
      throw new DatasetGanError('bad-request', `${place} cannot be written: ${message}`, {
        fix: 'Choose a place that this user may write to.',
        cause: thrown,
      });
    throw thrown;
  }
}
