import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../../../src/store/store.ts';
import { getSetting, setSetting } from '../../../src/store/stored-settings.ts';
import { ENGINES, type TestState, testState } from './test-store.ts';

/** What the two engines must do alike. */
describe.each(ENGINES)('on %s', (kind) => {
  let state: TestState;
  let store: Store;
  beforeAll(async () => {
    state = await testState(kind);
    store = await state.open();
  });
  afterAll(async () => {
    await store?.close();
    await state?.remove();
  });

  test('values come back as JavaScript has them', async () => {
    const { rows } = await sql`
      select 9007199254740991::int8 as int8, count(*) as count, 0.1::float8 as float8, true as bool, '{"a": [1, null]}'::jsonb as jsonb,
        '2026-01-02T03:04:05.678Z'::timestamptz as time, null::text as none, ${['a', 'b"c']}::text[] as texts
      from (values (1), (2)) as v`.execute(store.db);
    expect(rows).toEqual([
      {
        int8: 9_007_199_254_740_991,
        count: 2,
        float8: 0.1,
        bool: true,
        jsonb: { a: [1, null] },
        time: new Date('2026-01-02T03:04:05.678Z'),
        none: null,
        texts: ['a', 'b"c'],
      },
    ]);
  });

  test('text of any kind survives', async () => {
    const text = 'Ünïcode 𝄞 "quotes" \\ \n \'single\' $1 ?';
    await setSetting(store.db, 'text', { text });
    expect(await getSetting(store.db, 'text')).toEqual({ text });
  });

  test('what is rolled back was never there', async () => {
    const transaction = store.db.transaction().execute(async (trx) => {
      await setSetting(trx, 'rolled-back', 1);
      expect(await getSetting(trx, 'rolled-back')).toBe(1);
      throw new Error('no');
    });
    await expect(transaction).rejects.toThrow('no');
    expect(await getSetting(store.db, 'rolled-back')).toBeUndefined();
  });

  test('a transaction in which a statement failed cannot commit by mistake', async () => {
    const transaction = store.db.transaction().execute(async (trx) => {
      await setSetting(trx, 'half', 1);
      await sql`select 1 / 0`.execute(trx).catch(() => undefined);
    });
    await expect(transaction).rejects.toMatchObject({ name: 'AbortedTransactionError' });
    expect(await getSetting(store.db, 'half')).toBeUndefined();
    expect(await getSetting(store.db, 'half')).toBeUndefined();
  });

  test('savepoints undo a part', async () => {
    const trx = await store.db.startTransaction().execute();
    await setSetting(trx, 'kept', 1);
    const inner = await trx.savepoint('inner').execute();
    await setSetting(inner, 'undone', 1);
    await sql`select 1 / 0`.execute(inner).catch(() => undefined);
    const outer = await inner.rollbackToSavepoint('inner').execute();
    await outer.commit().execute();
    expect(await getSetting(store.db, 'kept')).toBe(1);
    expect(await getSetting(store.db, 'undone')).toBeUndefined();
  });

  test('errors carry the SQLSTATE and the constraint', async () => {
    await setSetting(store.db, 'there', 1);
    const again = store.db.insertInto('settings').values({ key: 'there', value: '2' }).execute();
    await expect(again).rejects.toMatchObject({ code: '23505', constraint: 'settings_pkey' });
  });

  test('others wait for a transaction, and see it whole', async () => {
    await setSetting(store.db, 'counter', 0);
    const increment = () =>
      store.db.transaction().execute(async (trx) => {
        await sql`select 1 from settings where key = 'counter' for update`.execute(trx);
        const value = (await getSetting(trx, 'counter')) as number;
        await setSetting(trx, 'counter', value + 1);
      });
    await Promise.all(Array.from({ length: 20 }, increment));
    expect(await getSetting(store.db, 'counter')).toBe(20);
  });

  test('opening again finds what was there, and migrates nothing twice', async () => {
    await setSetting(store.db, 'lasting', { a: 1 });
    await store.close();
    store = await state.open();
    expect(await getSetting(store.db, 'lasting')).toEqual({ a: 1 });
    await store.ping();
  });
});
