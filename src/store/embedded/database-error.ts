import { DatasetGanError } from '../../errors.ts';
import { fieldOf, messageOf } from '../../thrown.ts';
import type { PlainError } from './messages.ts';

/** An error of PostgreSQL, with the fields that node-postgres gives too. `code` is the SQLSTATE. */
export class DatabaseError extends Error {
  readonly code: string | undefined;
  readonly severity: string | undefined;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly constraint: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;

  constructor(error: PlainError) {
    super(error.message);
    this.name = 'DatabaseError';
    this.code = error.code;
    this.severity = error.severity;
    this.detail = error.detail;
    this.hint = error.hint;
    this.constraint = error.constraint;
    this.table = error.table;
    this.column = error.column;
  }
}

const FIELDS = ['code', 'severity', 'detail', 'hint', 'constraint', 'table', 'column'] as const;

/** What an error of PostgreSQL, or anything else that was thrown, has to say; another thread can be told it. */
export function plainError(thrown: unknown): PlainError {
  const fields = FIELDS.map((name) => [name, fieldOf(thrown, name)]);
  return { message: messageOf(thrown), ...Object.fromEntries(fields.filter(([, value]) => typeof value === 'string')) };
}

/** SQLSTATE 53100, or what the operating system says inside another error. */
const DISK_FULL = /no space left|disk full|ENOSPC|disk quota/i;

/**
 * Whether the embedded database must not be used any more after this error, and what to tell the user. Class 53 is "insufficient
 * resources": after a full disk PostgreSQL in WebAssembly can spin for ever on the next query, so it is ended at once. What was
 * committed before is safe.
 */
export function fatalError(error: PlainError, folder: string): DatasetGanError | undefined {
  const diskFull = error.code === '53100' || DISK_FULL.test(error.message);
  const fatal = diskFull || error.code?.startsWith('53') === true || error.severity === 'PANIC' || error.severity === 'FATAL';
  if (!fatal) return undefined;
  if (diskFull) {
    return new DatasetGanError('disk-full', `The disk that holds ${folder} is full, so the database stopped.`, {
      fix: 'Free some space (at least 256 MB) and start again. No saved data is lost.',
      cause: new DatabaseError(error),
    });
  }
  return new DatasetGanError('database-down', `The database in ${folder} stopped: ${error.message}`, {
    fix: 'Start again. No saved data is lost.',
    cause: new DatabaseError(error),
  });
}
