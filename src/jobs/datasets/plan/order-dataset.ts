import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { DatasetOrder } from '../../../api/requests.ts';
import { insertPart } from '../../../store/dataset-parts.ts';
import { insertDataset } from '../../../store/datasets.ts';
import { lockProject } from '../../../store/projects.ts';
import { json } from '../../../store/rows.ts';
import type { Database, Dataset, JsonObject } from '../../../store/schema.ts';
import { planId } from '../../../synthesis/dataset-plan.ts';
import type { DatasetsContext } from '../../product/contexts.ts';
import { planOrder } from './plan-order.ts';

/**
 * Orders a dataset: fixes its plan (which seeds, dropped how) and asks for its synthesis, in one step.
 * @throws DatasetGanError planOrder's
 */
export async function orderDataset(
  product: DatasetsContext,
  projectKey: string,
  order: DatasetOrder,
  origin: JsonObject,
  within?: (db: Kysely<Database>, dataset: Dataset) => Promise<void>,
): Promise<{ dataset: Dataset; job: string }> {
  const planned = await planOrder(product, projectKey, order);
  const id = randomUUID();
  return product.store.db.transaction().execute(async (trx) => {
    await lockProject(trx, projectKey);
    const plan = await planned.plan(trx);
    const dataset = await insertDataset(trx, {
      id,
      plan_id: planId(plan),
      plan: json(plan),
      project_key: projectKey,
      title: order.title ?? `${planned.project.title.slice(0, 30)}: ${order.count} pairs`,
      folder: product.folder.dataset(id),
      origin: json(origin),
      options: json(planned.options),
    });
    await insertPart(trx, { dataset_id: id, index: 0, plan_id: dataset.plan_id, plan: json(plan) });
    await within?.(trx, dataset);
    const job = await product.queues.enqueue('synthesize', { projectKey, datasetId: id }, { db: trx });
    return { dataset, job };
  });
}
