import type { ZodType } from 'zod';
import { DatasetGanError } from '../errors.ts';
import { OWN_COMMAND } from '../own-command.ts';

/**
 * A JSON column as what the schema describes. It is given as it is stored, not as zod copies it: hashes and files are made of it.
 * @param what the value in words, for the message: `the plan of dataset ID`
 * @throws DatasetGanError `damaged-record` that names the value, the field, and what is wrong with it
 */
export function storedJson<T>(schema: ZodType<T>, value: unknown, what: string): T {
  const { error } = schema.safeParse(value);
  if (error === undefined) return value as T;
  const [issue] = error.issues;
  const field = issue?.path.join('.') ?? '';
  const reason = `${field === '' ? '' : `${field}: `}${issue?.message ?? 'unknown form'}`;
  throw new DatasetGanError('damaged-record', `The database holds ${what} in a form that cannot be read: ${reason}.`, {
    fix: `Use the release that wrote it. Or restore a backup: ${OWN_COMMAND} restore FILE, with DATA_DIR set to an empty folder.`,
    cause: error,
  });
}
