import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isDiskFull } from '../disk-full.ts';
import { DatasetGanError } from '../errors.ts';
import { fieldOf, messageOf } from '../thrown.ts';

/**
 * Why a folder cannot be made or written to, told by what the operating system says of the place: making a folder on a read-only disk fails with
 * "no such file" in Node, and SQLite has words of its own.
 * @param setting the variable that names the folder
 * @returns `disk-full` or `bad-settings`
 */
export function folderProblem(folder: string, cause: unknown, setting = 'DATA_DIR'): DatasetGanError {
  const thrown = String(fieldOf(cause, 'code'));
  const code = thrown in KNOWN && thrown !== 'ENOENT' ? thrown : (refusalAt(folder) ?? thrown);
  const known = KNOWN[code];
  const place = known?.isFile ? `A file is where the folder ${folder} should be` : `The folder ${folder} cannot be used`;
  const reason = known?.isFile ? '' : `: ${known?.reason ?? messageOf(cause)}`;
  return new DatasetGanError(isDiskFull({ code }) ? 'disk-full' : 'bad-settings', `${place}${reason}.`, {
    fix: known?.fix.replace('SETTING', setting) ?? `Set ${setting} to a folder on a local disk that this user may write to.`,
    cause,
  });
}

interface Known {
  readonly reason: string;
  readonly fix: string;
  readonly isFile?: true;
}

const FULL = { reason: 'its disk is full', fix: 'Free some space (at least 256 MB), or set SETTING to a larger disk.' };
const FORBIDDEN = {
  reason: 'this user may not write there',
  fix: 'Allow this user to write there, or set SETTING to another folder.',
};
const A_FILE = { reason: '', fix: 'Move that file away, or set SETTING to another folder.', isFile: true } as const;
const KNOWN: Readonly<Record<string, Known>> = {
  EROFS: {
    reason: 'its disk is read-only',
    fix: 'Mount it for writing, or set SETTING to another disk. A disk with errors may become read-only by itself.',
  },
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  ENOSPC: FULL,
  EDQUOT: FULL,
  ENOTDIR: A_FILE,
  EEXIST: A_FILE,
  EIO: { reason: 'reading or writing its disk fails', fix: 'Check the disk, or set SETTING to another one.' },
  ENOENT: {
    reason: 'it cannot be created',
    fix: 'Check that the disk of SETTING is mounted and that folders can be created on it.',
  },
};

/** Why the nearest folder above that exists may not be written to; undefined: it may. */
function refusalAt(folder: string): string | undefined {
  let at = resolve(folder);
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  try {
    accessSync(at, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return String(fieldOf(error, 'code'));
  }
}
