import type { Kysely } from 'kysely';
import type { Job } from '../../../api/answers.ts';
import { getDataset } from '../../../store/datasets.ts';
import { listJobs } from '../../../store/jobs.ts';
import type { Database, JobRow, JobState } from '../../../store/schema.ts';
import { candidateCount } from '../../../synthesis/dataset-plan.ts';
import { jobView } from '../../queue/job-view.ts';
import { partsOf } from '../record/dataset-parts.ts';
import { optionsOf } from '../record/options-of.ts';

/**
 * A job as REST shows it. That of an order (`synthesize`) stands for the whole order: besides its own work, the making of the pairs, it shows that of
 * the jobs it asked for, which bring the pairs into Label Studio and write the files. So it ends when all that was ordered is there, and fails or
 * is cancelled with the first of them. `done` and `total` count each pair once for each of these phases; `rate` and `eta` are of the phase that runs.
 */
export async function wholeJob(db: Kysely<Database>, row: JobRow): Promise<Job> {
  if (row.kind !== 'synthesize' || row.dataset_id === null) return jobView(row);
  const dataset = await getDataset(db, row.dataset_id);
  if (dataset === undefined) return jobView(row);
  const parts = await partsOf(db, dataset.id);
  const { destination, formats } = optionsOf(dataset);
  const sum = (of: (part: (typeof parts)[number]) => number) => parts.reduce((total, part) => total + of(part), 0);
  const pairs = sum(({ plan, choice }) => choice?.kept ?? plan.count);
  const candidates = sum(({ plan, choice }) => choice?.tried ?? candidateCount(plan.count, plan.filter));

  const asked = new Set([row.result?.publish, row.result?.export]);
  const deliveries = (await listJobs(db, { datasetId: dataset.id, kinds: ['publish', 'export'], limit: 1000 })).filter(({ id }) =>
    asked.has(id),
  );
  const sizes = { publish: pairs, export: formats.length * pairs };
  const total =
    Math.max(row.total, candidates) + (destination === 'files' ? 0 : sizes.publish) + (formats.length === 0 ? 0 : sizes.export);
  if (row.state !== 'completed') return { ...jobView(row), total };

  const doneOf = ({ kind, state, done }: JobRow) => (state === 'completed' ? sizes[kind as keyof typeof sizes] : done);
  const state = stateOf(deliveries);
  const told = deliveries.find((job) => job.state === state && job.error !== null)?.error;
  const now = deliveries.find((job) => job.state === 'running');
  return {
    ...jobView(row),
    state,
    done: state === 'completed' ? total : deliveries.reduce((done, job) => done + doneOf(job), Math.max(row.total, candidates)),
    total,
    rate: now?.rate ?? null,
    eta: now?.eta ?? null,
    phase: now?.phase ?? null,
    ...(told == null ? {} : { error: told }),
    result: { ...row.result, ...Object.assign({}, ...deliveries.map(outcomeOf)) },
  };
}

/** Of the pairs that are made, by the jobs that deliver them. */
function stateOf(deliveries: readonly JobRow[]): JobState {
  const has = (state: JobState) => deliveries.some((job) => job.state === state);
  if (has('failed')) return 'failed';
  if (has('cancelled')) return 'cancelled';
  return has('queued') || has('running') ? 'running' : 'completed';
}

/** What a delivery adds to the result of its order: where the pairs are. */
function outcomeOf({ result }: JobRow): object {
  const { project, url, place, formats } = result ?? {};
  return Object.fromEntries(Object.entries({ project, url, place, formats }).filter(([, value]) => value !== undefined));
}
