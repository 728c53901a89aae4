import { createHash } from 'node:crypto';
import { partsOf } from '../../src/jobs/datasets/record/dataset-parts.ts';
import { shardPrefix } from '../../src/jobs/datasets/shards/shard-tar.ts';
import type { Product } from '../../src/jobs/product/product.ts';

/** The dataset's shards in the storage: sha256 of each by its key. */
export async function shardHashes(
  { storage, store }: Pick<Product, 'storage' | 'store'>,
  id: string,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { planId } of await partsOf(store.db, id))
    for await (const { key } of storage.list(shardPrefix(planId))) {
      const hash = createHash('sha256').update(await storage.get(key));
      found.set(key, hash.digest('hex'));
    }
  return found;
}
