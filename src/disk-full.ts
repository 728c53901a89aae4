import { DatasetGanError } from './errors.ts';
import { fieldOf } from './thrown.ts';

/** The disk has no room left, or the user's share of it has none. */
const CODES: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT']);

/** Whether the system refused to write because the disk is full. */
export const isDiskFull = (thrown: unknown): boolean => CODES.has(fieldOf(thrown, 'code'));

/**
 * The error that says so.
 * @param place the file or folder that was written
 * @param fix what the reader can do
 */
export function diskFull(place: string, fix: string, cause: unknown): DatasetGanError {
  return new DatasetGanError('disk-full', `The disk that holds ${place} is full.`, { fix, cause });
}
