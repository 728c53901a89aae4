import { expect, test } from 'vitest';
import { DatabaseError, fatalError } from '../../../../src/store/embedded/database-error.ts';

test.each([
  [{ message: 'could not extend file: No space left on device', code: '53100', severity: 'ERROR' }, 'disk-full'],
  [{ message: 'could not write to file "pg_wal/xlogtemp.1": No space left on device', severity: 'PANIC' }, 'disk-full'],
  [{ message: 'out of memory', code: '53200', severity: 'ERROR' }, 'database-down'],
  [{ message: 'could not locate a valid checkpoint record', severity: 'PANIC', code: 'XX000' }, 'database-down'],
])('%j ends the database', (error, code) => {
  expect(fatalError(error, '/data/postgres')).toMatchObject({ code, fix: expect.any(String) });
  expect(fatalError(error, '/data/postgres')?.message).toContain('/data/postgres');
});

test.each([
  { message: 'duplicate key value violates unique constraint "t_pkey"', code: '23505', severity: 'ERROR' },
  { message: 'canceling statement due to statement timeout', code: '57014', severity: 'ERROR' },
])('%j is an error like any other', (error) => {
  expect(fatalError(error, '/data/postgres')).toBeUndefined();
});

test('an error keeps what node-postgres would give', () => {
  const error = new DatabaseError({
    message: 'no',
    code: '23505',
    constraint: 't_pkey',
    table: 't',
    detail: 'd',
    severity: 'ERROR',
  });
  expect(error).toMatchObject({ message: 'no', code: '23505', constraint: 't_pkey', table: 't', detail: 'd', severity: 'ERROR' });
});
