import type { Kysely } from 'kysely';
import type { Database, NewOrder, Order } from './schema.ts';

/** Makes the order of that task, or changes the given fields of the one that is there. */
export async function upsertOrder(db: Kysely<Database>, order: NewOrder): Promise<Order> {
  const { orders_project_key: _, task_id: __, ...fields } = order;
  return await db
    .insertInto('orders')
    .values(order)
    .onConflict((conflict) => conflict.columns(['orders_project_key', 'task_id']).doUpdateSet(fields))
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
