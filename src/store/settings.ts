import type { Kysely } from 'kysely';
import { json } from './rows.ts';
import type { Database } from './schema.ts';

export async function getSetting(db: Kysely<Database>, key: string): Promise<unknown> {
  return (await db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst())?.value;
}

export async function setSetting(db: Kysely<Database>, key: string, value: unknown): Promise<void> {
  await db
    .insertInto('settings')
    .values({ key, value: json(value) })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: json(value) }))
    .execute();
}

/** The setting, made by `create` when there is none. Of several processes that start at once, all get the same. */
export async function getOrCreateSetting<T>(db: Kysely<Database>, key: string, create: () => T): Promise<T> {
  await db
    .insertInto('settings')
    .values({ key, value: json(create()) })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  return (await getSetting(db, key)) as T;
}
