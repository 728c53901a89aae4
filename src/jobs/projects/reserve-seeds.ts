import type { Kysely } from 'kysely';
import type { SeedOrder } from '../../api/requests.ts';
import { DatasetGanError } from '../../errors.ts';
import { listJobs } from '../../store/jobs.ts';
import { lockProject, updateProject } from '../../store/projects.ts';
import { json } from '../../store/rows.ts';
import type { Database } from '../../store/schema.ts';
import { listTasks } from '../../store/tasks.ts';
import { LARGEST_SEED } from '../../synthesis/dataset-plan.ts';
import type { Records } from '../product/contexts.ts';

/**
 * Asks for the tasks that the project wants (`seed_tasks`) and has not been given. The number is a total that is reached once: raising it adds the
 * difference, lowering it does nothing, deleted tasks are never made again. Gives the job's id, or undefined when there is nothing to do.
 */
export async function seedToTotal(product: Records, projectKey: string): Promise<string | undefined> {
  return product.store.db.transaction().execute(async (db) => {
    const { seed_tasks: asked, seeded } = await lockProject(db, projectKey);
    if (asked <= seeded) return undefined;
    await updateProject(db, projectKey, { seeded: asked });
    return product.queues.enqueue('seed', { projectKey, seeds: await freeSeeds(db, projectKey, asked - seeded, 0) }, { db });
  });
}

/**
 * Asks for `count` tasks more, from the first free seed at or after `seedStart` on, with classes by a rule of their own if it is given: a project that has
 * none takes it as its own, since what is trained and ordered later goes by it. With
 * `candidates` the job chooses among so many seeds. Gives the job's id.
 * @throws DatasetGanError `bad-request` when there are not that many seeds
 */
export async function seedMore(
  product: Records,
  projectKey: string,
  { count, seedStart = 0, classes, candidates }: SeedOrder,
): Promise<string> {
  return product.store.db.transaction().execute(async (db) => {
    const { seed_tasks: asked, seeded, class_rule: own } = await lockProject(db, projectKey);
    const rule = classes === undefined ? {} : { classes };
    await updateProject(db, projectKey, {
      seeded: seeded + count,
      seed_tasks: asked + count,
      ...(own === null && classes !== undefined ? { class_rule: json(classes) } : {}),
    });
    const seeds = await freeSeeds(db, projectKey, candidates ?? count, seedStart);
    const choice = candidates === undefined ? {} : { choose: count };
    return product.queues.enqueue('seed', { projectKey, seeds, ...rule, ...choice }, { db });
  });
}

/** Seeds that are no task of the project, nor on their way to be one. Labelling counts up. */
async function freeSeeds(db: Kysely<Database>, projectKey: string, count: number, start: number): Promise<number[]> {
  const waiting = await listJobs(db, { projectKey, kinds: ['seed'], states: ['queued', 'running'] });
  const taken = new Set([
    ...(await listTasks(db, projectKey)).map(({ seed }) => seed),
    ...waiting.flatMap(({ input }) => input.seeds as readonly number[]),
  ]);
  const seeds: number[] = [];
  for (let seed = start; seeds.length < count; seed++) if (!taken.has(seed)) seeds.push(seed);
  if ((seeds.at(-1) ?? 0) <= LARGEST_SEED) return seeds;
  throw new DatasetGanError('bad-request', `Fewer than ${count} seeds are free from seed ${start} to 2^32 - 1.`, {
    fix: 'Use a smaller count or a smaller seedStart.',
  });
}
