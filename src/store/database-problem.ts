import { DatasetGanError } from '../errors.ts';
import { OWN_COMMAND } from '../own-command.ts';
import { fieldOf, messageOf } from '../thrown.ts';

/**
 * What an error of PostgreSQL means for whoever runs the server, told by its SQLSTATE and not by where it was thrown.
 * @param place where the database is, in words
 * @returns ours as it is; `corrupt-file` for damaged files, `wrong-release` for tables of a newer release, `bad-settings` for missing rights, else
 * `database-down`
 */
export function databaseProblem(cause: unknown, place: string): DatasetGanError {
  if (cause instanceof DatasetGanError) return cause;
  const reason = messageOf(cause);
  const state = String(fieldOf(cause, 'code') ?? '');
  if (/^(XX00[12]|58)/.test(state) || DAMAGE.test(reason))
    return new DatasetGanError('corrupt-file', `Files of the database ${place} are damaged: ${reason}`, {
      fix: `Check the disk, then restore a backup: ${OWN_COMMAND} restore FILE, with DATA_DIR set to an empty folder. With DATABASE_URL, restore the backup of the PostgreSQL.`,
      cause,
    });
  if (NEWER.test(reason))
    return new DatasetGanError('wrong-release', `A newer release has used the database ${place}: ${reason}`, {
      fix: 'Use the newest release.',
      cause,
    });
  if (state === '42501')
    return new DatasetGanError('bad-settings', `The user of the database ${place} may not do this: ${reason}`, {
      fix: 'Allow this user to create a schema and tables, or set another user in DATABASE_URL.',
      cause,
    });
  return new DatasetGanError('database-down', `The database ${place} cannot be used: ${reason}`, {
    fix: 'Start again. If the problem returns, check the free space and the health of the disk, or the log of the PostgreSQL.',
    cause,
  });
}

/** Of files that PostgreSQL cannot make sense of, where it gives no SQLSTATE of damage. */
const DAMAGE =
  /invalid page|could not (read|open|access) (block|file|status)|unexpected data beyond EOF|missing chunk number|invalid memory alloc request/i;
/** Kysely's words for a migration that was done and is not known here. */
const NEWER = /corrupted migrations|previously executed migration .* is missing/i;
