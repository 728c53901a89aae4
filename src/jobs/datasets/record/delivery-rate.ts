import type { Kysely } from 'kysely';
import { listJobs } from '../../../store/jobs.ts';
import type { Database } from '../../../store/schema.ts';

/** Until one was measured, on two cores: into Label Studio, and into files of any format. */
const FIRST_GUESS = { publish: 40, export: 700 } as const;
/** Deliveries that are looked at. */
const LATEST = 20;

/**
 * Pairs a second that deliveries of that kind reach: the rate of the largest among the latest ones. Of a small one most time goes into its
 * beginning and its end.
 */
export async function deliveryRate(db: Kysely<Database>, kind: 'publish' | 'export'): Promise<number> {
  const jobs = await listJobs(db, { kinds: [kind], states: ['completed'], limit: LATEST });
  const measured = jobs.flatMap(({ done, started_at: start, finished_at: end }) => {
    const seconds = start === null || end === null ? 0 : (end.getTime() - start.getTime()) / 1000;
    return done > 0 && seconds > 0 ? [{ done, rate: done / seconds }] : [];
  });
  return measured.toSorted((a, b) => b.done - a.done)[0]?.rate ?? FIRST_GUESS[kind];
}
