import { inOrder } from '../../../in-order.ts';
import { getDataset } from '../../../store/datasets.ts';
import type { JsonObject } from '../../../store/schema.ts';
import { completeShard, hasShard } from '../../../store/shards.ts';
import { setSetting } from '../../../store/stored-settings.ts';
import { pictureSize } from '../../../stylegan/picture.ts';
import { type DatasetPlan, shardSeeds } from '../../../synthesis/dataset-plan.ts';
import { pairImage } from '../../../synthesis/pair-image.ts';
import type { PairRecord } from '../../../synthesis/pair-record.ts';
import { encodePairTask } from '../../engine-tasks/encode-pair.ts';
import type { Inference } from '../../product/contexts.ts';
import type { Product } from '../../product/product.ts';
import type { JobContext } from '../../queue/delivery.ts';
import { partsOf } from '../record/dataset-parts.ts';
import { isOpen } from '../record/dataset-state.ts';
import { type PairCost, pairCostKey } from '../record/pair-cost.ts';
import { predictCandidate } from './predict-candidate.ts';
import { packShard, type ShardPair, shardKey } from './shard-tar.ts';

/** Pairs that may be encoded while the next ones are made. */
const ENCODING = 2;

/**
 * Makes the pairs of one shard and stores them as one object. What it holds is decided by the plan alone, so a repeated shard has the same
 * bytes; the first that is committed counts. Nothing is kept of a shard that was not finished.
 */
export async function makeShard(
  product: Inference & Pick<Product, 'generators' | 'now'>,
  context: JobContext<'shard'>,
): Promise<JsonObject> {
  const { db } = product.store;
  const { datasetId, planId, index } = context.input;
  const dataset = await getDataset(db, datasetId);
  const part = (await partsOf(db, datasetId)).find((own) => own.planId === planId);
  // Whoever cancelled or deleted the dataset could not reach this job, or another dataset has made the shard.
  if (dataset === undefined || part === undefined || !isOpen(dataset.state) || (await hasShard(db, planId, index)))
    return { made: 0 };

  const began = product.now();
  const { records, pairs } = await makePairs(product, context, part.plan, shardSeeds(part.plan, index));
  const tar = await packShard(pairs);
  const cost: PairCost = { seconds: (product.now() - began) / 1000 / pairs.length, bytes: tar.length / pairs.length };
  context.signal.throwIfAborted();
  await product.storage.put(shardKey(planId, index), tar);
  const { wanted } = await completeShard(db, { planId, index, seeds: records.length, bytes: tar.length, records });
  if (!wanted) await product.storage.delete(shardKey(planId, index));
  await setSetting(db, pairCostKey(part.plan.generator), cost);
  return { made: records.length };
}

async function makePairs(
  product: Inference & Pick<Product, 'generators'>,
  { signal, progress }: JobContext<'shard'>,
  plan: DatasetPlan,
  seeds: readonly number[],
): Promise<{ records: PairRecord[]; pairs: ShardPair[] }> {
  const generator = await product.generators.find(plan.generator);
  const records: PairRecord[] = [];
  const pairs: ShardPair[] = [];
  const width = product.engine.spreadWidth + ENCODING;
  const made = inOrder(seeds, width, signal, async (seed, stop) => {
    const { class: label } = pairImage(plan, generator.card, seed);
    const { rgb, labelMap, width, height, js, score, measures } = await predictCandidate(product, generator, plan, seed, stop);
    const pair = { picture: { rgb, ...pictureSize(generator.card) }, mask: { width, height, data: labelMap } };
    const files = await product.engine.run(encodePairTask, pair, { lane: 'codec', signal: stop });
    return { record: { seed, class: label, js, score, ...measures }, pair: { seed, ...files } };
  });
  for await (const { record, pair } of made) {
    records.push(record);
    pairs.push(pair);
    progress(records.length, seeds.length);
  }
  return { records, pairs };
}
