import { rm } from 'node:fs/promises';
import type { Transaction } from 'kysely';
import { DatasetGanError, isError } from '../../../errors.ts';
import { deleteProject } from '../../../label-studio/client/projects.ts';
import { insertPart, plansOnlyOf } from '../../../store/dataset-parts.ts';
import { deleteDataset, moveDataset, OPEN_STATES, requireDataset } from '../../../store/datasets.ts';
import { orderOfDataset } from '../../../store/orders.ts';
import { lockProject, requireProject, updateProject } from '../../../store/projects.ts';
import { json } from '../../../store/rows.ts';
import type { Database, Dataset, DatasetState } from '../../../store/schema.ts';
import { seedsInUse } from '../../../store/tasks.ts';
import { checkSeeds, type DatasetPlan, planId, shardSize } from '../../../synthesis/dataset-plan.ts';
import { inFreeSeeds } from '../../../synthesis/free-seeds.ts';
import type { DatasetsContext, Links, Records, VersionFiles } from '../../product/contexts.ts';
import type { Product } from '../../product/product.ts';
import { localVersion } from '../../product/version-file.ts';
import { pictureFolder } from '../../projects/image-delivery.ts';
import { linkProject } from '../../projects/linked-project.ts';
import { prefixOfFiles } from '../files/written-files.ts';
import { seedsShown } from '../publish/order-destination.ts';
import { removeLeftovers, removeResults } from '../publish/remove-uploads.ts';
import { chosenParts, partsOf } from '../record/dataset-parts.ts';
import { DATASET_WORK } from '../record/dataset-state.ts';
import { requireRoomFor } from '../record/disk-need.ts';
import { optionsOf } from '../record/options-of.ts';
import { expectedPairCost } from '../record/pair-cost.ts';
import { planOf } from '../record/stored-plan.ts';
import { takenSeeds } from '../record/taken-seeds.ts';
import { shardPrefix } from '../shards/shard-tar.ts';

const STOPPED = ['paused', 'failed', 'cancelled', 'completed'] as const satisfies readonly DatasetState[];

/**
 * Stops the work on a dataset. Shards that are stored, and what is in Label Studio, stay. One that is complete or has failed stays as it is.
 * @throws DatasetGanError `unknown-dataset`; `wrong-state` when the dataset has already ended
 */
export async function stopDataset(
  product: Pick<Product, 'store' | 'queues' | 'now'>,
  id: string,
  state: 'paused' | 'cancelled',
): Promise<void> {
  const { store, queues } = product;
  const dataset = await requireDataset(store.db, id);
  const from: readonly DatasetState[] = state === 'paused' ? OPEN_STATES : [...OPEN_STATES, 'paused'];
  const finished = state === 'paused' ? null : new Date(product.now());
  const moved = await moveDataset(store.db, id, from, { state, finished_at: finished });
  if (!moved && state === 'paused' && dataset.state !== 'paused')
    throw new DatasetGanError('wrong-state', `Dataset ${id} is ${dataset.state}: it cannot be paused.`, {
      fix: 'Only waiting or running datasets can be paused.',
    });
  // Whoever asks for shards first, then the shards.
  await queues.cancelAll({ datasetId: id, kinds: DATASET_WORK });
  await queues.cancelAll({ datasetId: id, kinds: ['shard'] });
  if (moved) await askToDescribe(product, dataset);
}

/**
 * Goes on with a dataset that was paused or cancelled or has failed: with what is stored of it, nothing is made twice. One that is complete is
 * looked through: what is lost is made again and delivered.
 * @throws DatasetGanError `unknown-dataset`, `wrong-state` while it is worked on, `disk-full`
 */
export async function resumeDataset(product: VersionFiles & Pick<Product, 'queues' | 'generators'>, id: string): Promise<void> {
  const dataset = await requireDataset(product.store.db, id);
  await requireRoomFor(product, await partsOf(product.store.db, id), optionsOf(dataset));
  await goOn(product, dataset, async () => undefined);
}

/**
 * Adds pairs to a dataset: made the same way, by the same version, from seeds that neither it nor another dataset of the project has tried.
 * @throws DatasetGanError `unknown-dataset`, `wrong-state` until all that was ordered before is made, `version-lost`, `disk-full`, `bad-request`
 * past the last seed
 */
export async function extendDataset(product: DatasetsContext, id: string, count: number): Promise<void> {
  const { db } = product.store;
  const dataset = await requireDataset(db, id);
  const parts = await chosenParts(db, id);
  await localVersion(product, planOf(dataset).version, { thoroughly: true });
  const { plan: last } = parts.at(-1)!;
  const seedStart = Math.max(...parts.map(({ choice }) => choice.lastSeed)) + 1;
  const { seconds } = await expectedPairCost(db, (await product.generators.find(last.generator)).card);
  const { destination } = optionsOf(dataset);
  const { host } = await requireProject(db, dataset.project_key);
  const there = typeof destination === 'number' ? await seedsShown(product, host, destination, last.generator) : [];
  const wanted: DatasetPlan = {
    ...last,
    count,
    seedStart,
    shardSize: shardSize(seconds),
    skippedSeeds: [...new Set([...(await seedsInUse(db, last.generator)), ...there])]
      .filter((seed) => seed >= seedStart)
      .sort((a, b) => a - b),
  };
  checkSeeds(wanted);
  await requireRoomFor(product, [{ planId: planId(wanted), plan: wanted, choice: null }], optionsOf(dataset));
  await goOn(product, dataset, async (trx) => {
    await lockProject(trx, dataset.project_key);
    const plan = inFreeSeeds(wanted, await takenSeeds(trx, dataset.project_key, last.generator));
    checkSeeds(plan);
    await insertPart(trx, { dataset_id: id, index: parts.length, plan_id: planId(plan), plan: json(plan) });
  });
}

/**
 * Deletes a dataset with its files and what was uploaded for it alone, and its Label Studio project if asked. Shards that another dataset of the
 * same plan has too stay. May be repeated when it was interrupted.
 * @throws DatasetGanError `unknown-dataset`, the client's errors, `bad-request` when its pairs are in a project that is not its own
 */
export async function removeDataset(
  product: DatasetsContext,
  id: string,
  { withProject }: { withProject: boolean },
): Promise<void> {
  const { store, storage, queues } = product;
  const dataset = await requireDataset(store.db, id);
  await stopDataset(product, id, 'cancelled');
  await queues.settled({ datasetId: id });
  if (withProject) {
    await removeProject(product, dataset);
    await storage.deleteAll(pictureFolder(id));
  } else await removeLeftovers(product, dataset);
  await rm(dataset.folder, { recursive: true, force: true });
  await storage.deleteAll(prefixOfFiles(dataset));
  const plans = await plansOnlyOf(store.db, id);
  for (const plan of plans) await storage.deleteAll(shardPrefix(plan));
  const order = await orderOfDataset(store.db, id);
  await deleteDataset(store.db, id);
  // A worker that did not stop in time may have stored one more.
  for (const plan of plans) await storage.deleteAll(shardPrefix(plan));
  await removeResults(product, dataset);
  // Its task says so.
  if (order !== undefined) await queues.enqueue('orders', { projectKey: order.orders_project_key }, { evenIfFull: true });
}

async function removeProject(product: Links, { id, ls_project_key: key, ls_project_id: number }: Dataset): Promise<void> {
  if (key === null) return;
  const { dataset_id: owner, state } = await requireProject(product.store.db, key);
  if (owner !== id)
    throw new DatasetGanError('bad-request', `The pairs are in project ${number}, which also has other tasks.`, {
      fix: 'Delete the dataset without its project. Delete its tasks in Label Studio.',
    });
  if (state === 'gone') return;
  try {
    const { connection, row } = await linkProject(product, key);
    await deleteProject(connection, row.ls_id);
  } catch (error) {
    // Somebody was faster.
    if (!isError(error, 'label-studio-gone')) throw error;
  }
  await updateProject(product.store.db, key, { state: 'gone' });
}

/** Puts a dataset that nobody works on back to work, after a change that commits with it. */
async function goOn(
  product: Records,
  { id, project_key: projectKey }: Dataset,
  change: (trx: Transaction<Database>) => Promise<void>,
): Promise<void> {
  const { store, queues } = product;
  await store.db.transaction().execute(async (trx) => {
    if (!(await moveDataset(trx, id, STOPPED, { state: 'queued', finished_at: null })))
      throw new DatasetGanError('wrong-state', `Dataset ${id} has a running job.`, {
        fix: 'Wait until it is complete, or pause it.',
      });
    await change(trx);
    await queues.enqueue('synthesize', { projectKey, datasetId: id }, { db: trx });
  });
  await askToDescribe(product, { id, project_key: projectKey });
}

/** A moment later, when a push that is stopped has stopped. */
async function askToDescribe(
  { queues }: Pick<Product, 'queues'>,
  { id, project_key: projectKey }: Pick<Dataset, 'id' | 'project_key'>,
): Promise<void> {
  await queues.enqueue('describe', { projectKey, datasetId: id }, { startAfter: 1, evenIfFull: true });
}
