import type { OrdersProject } from '../../api/answers.ts';
import type { Links } from '../product/contexts.ts';
import type { Product } from '../product/product.ts';
import { findProject } from '../projects/find-project.ts';
import { connectionOf } from '../projects/linked-project.ts';
import { ensureOrdersProject } from './orders-project.ts';

/**
 * The orders project of a project's Label Studio, made on first request.
 * @throws DatasetGanError as findProject, the client's errors
 */
export async function ordersProjectFor(
  product: Links & Pick<Product, 'queues' | 'serverId'>,
  projectId: string,
): Promise<OrdersProject> {
  const { host } = await findProject(product.store.db, projectId);
  const row = await ensureOrdersProject(product, connectionOf(product, host));
  return { project: row.ls_id, url: `${host}/projects/${row.ls_id}/data` };
}
