import { existsSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { requireDataset, updateDataset } from '../store/datasets.ts';
import type { Dataset, JsonObject } from '../store/schema.ts';
import { setSetting } from '../store/settings.ts';
import { completeShard, insertShards, listShards } from '../store/shards.ts';
import { requireVersion } from '../store/versions.ts';
import type { Generator } from '../stylegan/generator.ts';
import { pictureSize } from '../stylegan/picture.ts';
import { type DatasetPlan, type Shard, shards } from '../synthesis/dataset-plan.ts';
import { pairImage } from '../synthesis/pair-image.ts';
import { type DatasetProvenance, datasetProvenance, type PairRecord } from '../synthesis/provenance.ts';
import { uncertaintyFilter } from '../synthesis/uncertainty-filter.ts';
import { pairSecondsKey } from './order-dataset.ts';
import { predictImage } from './predict-image.ts';
import type { Product } from './product.ts';
import type { JobContext } from './queue/delivery.ts';
import { imageFile, maskFile, writePairTask } from './tasks/write-pair.ts';

/**
 * Makes the pairs of a dataset, shard by shard. What a shard holds is decided by the plan alone: a repeated shard gives the same bytes, and
 * the first committed result wins. Then the most uncertain candidates of the whole dataset are dropped, and publishing is asked for.
 */
export async function synthesize(product: Product, context: JobContext<'synthesize'>): Promise<JsonObject> {
  const { db } = product.store;
  const { datasetId } = context.input;
  const dataset = await requireDataset(db, datasetId);
  const plan = dataset.plan as unknown as DatasetPlan;
  const generator = await product.generators.find(plan.generator);
  const version = await requireVersion(db, plan.version);
  await updateDataset(db, datasetId, { state: 'running' });

  const all = shards(plan);
  const total = all.reduce((sum, { seeds }) => sum + seeds.length, 0);
  await insertShards(
    db,
    all.map(({ index, seeds }) => ({ plan_id: dataset.plan_id, index, first_seed: seeds[0]!, seeds: seeds.length })),
  );
  const stored = new Map((await listShards(db, dataset.plan_id)).map((shard) => [shard.index, shard]));
  const pairs: PairRecord[] = [];
  for (const shard of all) {
    const folder = product.folder.shard(dataset.plan_id, shard.index);
    const earlier = stored.get(shard.index)?.result as PairRecord[] | null | undefined;
    if (earlier && existsSync(folder)) pairs.push(...earlier);
    else
      pairs.push(
        ...(await makeShard(product, dataset, plan, generator, shard, context.signal, (done) =>
          context.progress(pairs.length + done, total),
        )),
      );
    context.progress(pairs.length, total);
    await updateDataset(db, datasetId, { candidates: pairs.length });
  }

  const { kept, dropped } = uncertaintyFilter(pairs, plan.count);
  const shardOf = new Map(all.flatMap(({ index, seeds }) => seeds.map((seed) => [seed, index] as const)));
  const provenance = datasetProvenance({
    dataset: datasetId,
    title: dataset.title,
    plan,
    labels: version.labels,
    card: generator.card,
    kept,
    dropped,
  });
  await assemble(dataset.folder, provenance, kept, (seed) => product.folder.shard(dataset.plan_id, shardOf.get(seed)!));
  await updateDataset(db, datasetId, { delivered: kept.length, dropped: dropped.length, candidates: pairs.length });
  const publish = await product.queues.enqueue('publish', { projectKey: dataset.project_key, datasetId });
  return { dataset: datasetId, pairs: kept.length, dropped: dropped.length, folder: dataset.folder, publish };
}

async function makeShard(
  product: Product,
  dataset: Dataset,
  plan: DatasetPlan,
  generator: Generator,
  { index, seeds }: Shard,
  signal: AbortSignal,
  onPair: (done: number) => void,
): Promise<PairRecord[]> {
  const folder = product.folder.shard(dataset.plan_id, index);
  const records: PairRecord[] = [];
  const writing: Promise<void>[] = [];
  const began = product.now();
  for (const seed of seeds) {
    const image = pairImage(plan, generator.card, seed);
    const { rgb, labelMap, width, height, js, score, areas } = await predictImage(product, generator, plan.version, image, {
      lane: 'batch',
      priority: 'synthesize',
      signal,
    });
    records.push({ seed, class: image.class, js, score, areas });
    // Written by the codec lane while the next pair is made.
    const picture = { rgb, ...pictureSize(generator.card) };
    const pair = { folder, seed, picture, mask: { width, height, data: labelMap } };
    const written = product.engine.run(writePairTask, pair, { lane: 'codec', signal });
    // Awaited later; a rejection that nobody listens to until then would end the process.
    written.catch(() => undefined);
    writing.push(written);
    if (writing.length > 4) await writing.shift();
    onPair(records.length);
  }
  await Promise.all(writing);
  await setSetting(product.store.db, pairSecondsKey(plan.generator), (product.now() - began) / 1000 / seeds.length);
  await completeShard(product.store.db, dataset.plan_id, index, records);
  return records;
}

/** The dataset's folder: the pairs that are kept (linked, not copied) and `dataset.json`; made aside and renamed, so that it is whole or not there. */
async function assemble(
  folder: string,
  provenance: DatasetProvenance,
  kept: readonly PairRecord[],
  shardFolder: (seed: number) => string,
): Promise<void> {
  const part = `${folder}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(join(part, 'images'), { recursive: true });
  await mkdir(join(part, 'masks'), { recursive: true });
  for (const { seed } of kept) {
    const from = shardFolder(seed);
    await link(imageFile(from, seed), imageFile(part, seed));
    await link(maskFile(from, seed), maskFile(part, seed));
  }
  await writeFile(join(part, 'dataset.json'), `${JSON.stringify(provenance, null, 1)}\n`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  await rename(part, folder);
}

/** What `synthesize` wrote. */
export async function readProvenance(folder: string): Promise<DatasetProvenance> {
  return JSON.parse(await readFile(join(folder, 'dataset.json'), 'utf8')) as DatasetProvenance;
}
