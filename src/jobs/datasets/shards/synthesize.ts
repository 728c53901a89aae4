import { setTimeout as sleep } from 'node:timers/promises';
import { DatasetGanError } from '../../../errors.ts';
import { choosePart } from '../../../store/dataset-parts.ts';
import { moveDataset, requireDataset, updateDataset } from '../../../store/datasets.ts';
import { chunks, json } from '../../../store/rows.ts';
import type { JsonObject } from '../../../store/schema.ts';
import { dropFailedShardJobs, shardJobs } from '../../../store/shard-jobs.ts';
import { forgetShards, missingShards, NOTHING_STORED, shardRecords, shardSizes, storedOf } from '../../../store/shards.ts';
import { type Choice, PairChooser } from '../../../synthesis/choose-pairs.ts';
import { candidateCount, candidateLimit, type DatasetPlan, shardsFor } from '../../../synthesis/dataset-plan.ts';
import type { PairRecord } from '../../../synthesis/pair-record.ts';
import type { DatasetsContext, Records } from '../../product/contexts.ts';
import type { Product } from '../../product/product.ts';
import { shareInputs } from '../../product/shared-files.ts';
import type { JobContext } from '../../queue/delivery.ts';
import type { JobInputs } from '../../queue/job-kinds.ts';
import { type ChosenPart, type Part, partsOf } from '../record/dataset-parts.ts';
import { isOpen } from '../record/dataset-state.ts';
import { askForDelivery } from './deliver-dataset.ts';
import { countKnownPairs } from './known-pairs.ts';
import { shardIndex, shardPrefix } from './shard-tar.ts';

/**
 * Shard jobs of a dataset that wait beside those that run: more than there are workers that end theirs between two looks, few enough to be
 * cancelled in a moment.
 */
const AHEAD = 256;
/** Shard jobs in one transaction. */
const BATCH = 16;
/** Milliseconds between two looks at the shards. */
const POLL_INTERVAL_MS = 300;

/**
 * Has the pairs of a dataset made: asks for the shards that are not stored yet, and waits until they are; it makes none itself. Then it
 * chooses among the candidates of the whole part, where rules refused many, after more shards. What is stored stays stored whenever this is
 * stopped, and is not made again.
 */
export async function synthesize(product: DatasetsContext, context: JobContext<'synthesize'>): Promise<JsonObject> {
  const { db } = product.store;
  const { datasetId } = context.input;
  const dataset = await requireDataset(db, datasetId);
  if (!isOpen(dataset.state)) throw new DatasetGanError('cancelled', `The dataset is ${dataset.state}.`);
  await moveDataset(db, datasetId, ['queued'], { state: 'running' });
  // Those that failed get another try, since this job does.
  await dropFailedShardJobs(db, datasetId);

  const chosen: ChosenPart[] = [];
  const parts = await partsOf(db, datasetId);
  for (const part of parts) {
    const [before, after] = [parts.slice(0, part.index), parts.slice(part.index + 1)].map(expectedCandidates);
    const progress: JobContext<'synthesize'>['progress'] = (done, total) =>
      context.progress(before! + done, before! + total + after!);
    const choice = await choosePairs(product, { ...context, progress }, part);
    chosen.push({ ...part, choice });
    const sum = (of: (part: ChosenPart) => number) => chosen.reduce((total, one) => total + of(one), 0);
    await updateDataset(db, datasetId, {
      delivered: sum(({ choice: { kept } }) => kept),
      candidates: sum(({ choice: { tried } }) => tried),
      dropped: sum(({ choice: { dropped } }) => dropped),
      reasons: json(chosen.flatMap(({ plan, choice: own }) => shortfall(plan, own))),
    });
  }
  await updateDataset(db, datasetId, { known: await countKnownPairs(db, dataset) });
  const delivery = await askForDelivery(product, dataset);
  const { delivered, dropped, candidates, known } = await requireDataset(db, datasetId);
  return { dataset: datasetId, pairs: delivered, known, dropped, candidates, ...delivery };
}

const expectedCandidates = (parts: readonly Part[]) =>
  parts.reduce((sum, { plan, choice }) => sum + (choice?.tried ?? candidateCount(plan.count, plan.filter)), 0);

/** Has a part's candidates made, more of them while too few pass the rules, and chooses. What was chosen once is only made whole again. */
async function choosePairs(product: DatasetsContext, context: JobContext<'synthesize'>, part: Part): Promise<Choice> {
  const { db } = product.store;
  const { plan, planId } = part;
  if (part.choice !== null) {
    await makeShards(product, context, { planId, plan, shards: shardsFor(plan, part.choice.tried) });
    return part.choice;
  }
  const chooser = new PairChooser(plan);
  let added = 0;
  for (let shards = shardsFor(plan, chooser.outlook); shards > added; ) {
    await makeShards(product, context, { planId, plan, shards });
    for (; added < shards; added++)
      for (const record of (await shardRecords(db, planId, added)) as PairRecord[]) chooser.add(record);
    shards = shardsFor(plan, chooser.outlook);
  }
  const choice = chooser.choice();
  await choosePart(db, context.input.datasetId, part.index, choice);
  return choice;
}

interface WantedShards {
  readonly planId: string;
  readonly plan: DatasetPlan;
  /** How many, from the plan's first. */
  readonly shards: number;
}

/** Asks for those of the plan's first shards that are not stored, and waits until all are. */
async function makeShards(product: DatasetsContext, context: JobContext<'synthesize'>, wanted: WantedShards): Promise<void> {
  const { db } = product.store;
  const { input, signal } = context;
  const { planId, plan, shards } = wanted;
  const total = Math.min(shards * plan.shardSize, candidateLimit(plan));
  let shared = false;
  for (;;) {
    const jobs = await shardJobs(db, input.datasetId, planId);
    const failed = jobs.find(({ state }) => state === 'failed');
    // A shard that failed for good fails its dataset, for the same reason.
    if (failed !== undefined) throw DatasetGanError.fromBody(failed.error ?? { code: 'internal', message: 'A shard failed.' });
    const stored = (await storedOf(db, [planId])).get(planId) ?? NOTHING_STORED;
    const inWork = jobs.reduce((sum, { state, done }) => sum + (state === 'running' ? done : 0), 0);
    context.progress(Math.min(stored.seeds + inWork, total), total);
    const waiting = jobs.filter(({ state }) => state === 'queued').length;
    if (waiting < AHEAD / 2 || stored.shards >= shards) {
      const missing = await missingShards(db, planId, shards, AHEAD + jobs.length);
      if (missing.length === 0 && !(await forgetLostShards(product, planId, shards))) return;
      const asked = new Set(jobs.map(({ index }) => index));
      const next = missing.filter((index) => !asked.has(index)).slice(0, Math.max(0, AHEAD - waiting));
      if (next.length > 0 && !shared) await shareInputs(product, plan);
      shared ||= next.length > 0;
      await askForShards(product, { ...input, planId }, next, signal);
    }
    await sleep(POLL_INTERVAL_MS, undefined, { signal });
  }
}

/** The first shards first; a dataset that is behind others in its own course goes before them. */
async function askForShards(
  { store, queues }: Records,
  input: Omit<JobInputs['shard'], 'index'>,
  indices: readonly number[],
  signal: AbortSignal,
): Promise<void> {
  for (const batch of chunks(indices, BATCH)) {
    signal.throwIfAborted();
    await store.db.transaction().execute(async (trx) => {
      for (const index of batch) await queues.enqueue('shard', { ...input, index }, { db: trx, priority: -index });
    });
  }
}

/** Forgets shards whose objects are not in the storage as they were put there; whether there were any. */
async function forgetLostShards(
  { store, storage }: Pick<Product, 'store' | 'storage'>,
  planId: string,
  shards: number,
): Promise<boolean> {
  const sizes = await shardSizes(store.db, planId);
  for await (const { key, bytes } of storage.list(shardPrefix(planId)))
    if (sizes.get(shardIndex(key)) === bytes) sizes.delete(shardIndex(key));
  const lost = [...sizes.keys()].filter((index) => index < shards);
  for (const batch of chunks(lost)) await forgetShards(store.db, planId, batch);
  return lost.length > 0;
}

/** Why fewer pairs came than were asked for. */
function shortfall({ count }: DatasetPlan, { tried, passed, kept, refused }: Choice): string[] {
  if (kept === count) return [];
  const why = Object.entries(refused).map(([rule, times]) => `${rule} ${times}`);
  return [`Completed short, ${kept} of ${count}: ${passed} of ${tried} candidates meet the rules (dropped: ${why.join(', ')}).`];
}
