import { type Kysely, sql } from 'kysely';
import type { Database } from './schema.ts';

/** A text that differs whenever a project, a version or a dataset was made, changed or deleted since, or an import has ended. */
export async function lastChange(db: Kysely<Database>): Promise<string> {
  const [projects, versions, datasets, imports] = await Promise.all([
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
    // One that ends between two looks is in neither list of running jobs.
    db
      .selectFrom('jobs')
      .select(sql`extract(epoch from max(finished_at))`.as('a'))
      .where('kind', '=', 'import')
      .executeTakeFirst(),
  ]);
  return [projects, versions, datasets, imports].map((counts) => Object.values(counts ?? {}).join(',')).join(' ');
}
