import { type Kysely, sql } from 'kysely';
import type { Database } from './schema.ts';

/** A text that differs whenever a project, a version or a dataset was made, changed or deleted since. */
export async function lastChange(db: Kysely<Database>): Promise<string> {
  const [projects, versions, datasets] = await Promise.all([
    db
      .selectFrom('projects')
      .select([sql`count(*)`.as('a'), sql`extract(epoch from max(updated_at))`.as('b')])
      .executeTakeFirst(),
    db
      .selectFrom('versions')
      .select([sql`count(*)`.as('a'), sql`count(*) filter (where validation = 'pending')`.as('b')])
      .executeTakeFirst(),
    db
      .selectFrom('datasets')
      .select([
        sql`count(*)`.as('a'),
        sql`sum(delivered)`.as('b'),
        sql`count(*) filter (where state = 'running')`.as('c'),
        sql`extract(epoch from max(finished_at))`.as('d'),
        sql`count(*) filter (where state in ('paused', 'cancelled'))`.as('e'),
      ])
      .executeTakeFirst(),
  ]);
  return [projects, versions, datasets].map((counts) => Object.values(counts ?? {}).join(',')).join(' ');
}
