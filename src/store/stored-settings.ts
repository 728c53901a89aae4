import type { Kysely } from 'kysely';
import type { ZodType } from 'zod';
import { json } from './rows.ts';
import type { Database } from './schema.ts';
import { storedJson } from './stored-json.ts';

export async function getSetting(db: Kysely<Database>, key: string): Promise<unknown> {
  return (await db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst())?.value;
}

/** The setting, checked; undefined when there is none. @throws DatasetGanError `damaged-record` */
export async function readSetting<T>(db: Kysely<Database>, key: string, schema: ZodType<T>): Promise<T | undefined> {
  const value = await getSetting(db, key);
  return value === undefined ? undefined : storedJson(schema, value, `the setting ${key}`);
}

export async function setSetting(db: Kysely<Database>, key: string, value: unknown): Promise<void> {
  await db
    .insertInto('settings')
    .values({ key, value: json(value) })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: json(value) }))
    .execute();
}

/**
 * The setting, checked; made by `create` when there is none. Of several processes that start at once, all get the same.
 * @throws DatasetGanError `damaged-record`
 */
export async function getOrCreateSetting<T>(db: Kysely<Database>, key: string, schema: ZodType<T>, create: () => T): Promise<T> {
  await db
    .insertInto('settings')
    .values({ key, value: json(create()) })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  return storedJson(schema, await getSetting(db, key), `the setting ${key}`);
}
