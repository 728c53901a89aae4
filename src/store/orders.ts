import { type Kysely, sql } from 'kysely';
import type { Database, NewOrder, Order, OrderChange } from './schema.ts';

/** Makes the order of that task, or changes the given fields of the one that is there, which counts as made now. */
export async function upsertOrder(db: Kysely<Database>, order: NewOrder): Promise<Order> {
  const { orders_project_key: _, task_id: __, ...fields } = order;
  return await db
    .insertInto('orders')
    .values(order)
    .onConflict((conflict) =>
      conflict.columns(['orders_project_key', 'task_id']).doUpdateSet({ ...fields, created_at: sql`now()` }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** The orders of an orders project by task id. */
export async function listOrders(db: Kysely<Database>, ordersProjectKey: string): Promise<Order[]> {
  return await db
    .selectFrom('orders')
    .selectAll()
    .where('orders_project_key', '=', ordersProjectKey)
    .orderBy('task_id')
    .execute();
}

/** Changes fields of an order; one that is gone stays so. */
export async function updateOrder(
  db: Kysely<Database>,
  { orders_project_key: project, task_id: task }: Pick<Order, 'orders_project_key' | 'task_id'>,
  change: OrderChange,
): Promise<void> {
  await db.updateTable('orders').set(change).where('orders_project_key', '=', project).where('task_id', '=', task).execute();
}

/** The order that a dataset was made for; undefined when it was ordered otherwise. */
export async function orderOfDataset(db: Kysely<Database>, datasetId: string): Promise<Order | undefined> {
  return await db.selectFrom('orders').selectAll().where('dataset_id', '=', datasetId).executeTakeFirst();
}
