import { z } from 'zod';
import type { Connection } from './connection.ts';
import { encodeTaskQuery, type TaskFilter } from './task-query.ts';

const PAGE = z.looseObject({ total: z.number() });

/** How many tasks pass the filters; one small request. */
export async function countTasks(
  connection: Connection,
  project: number,
  filters: readonly TaskFilter[] = [],
  signal?: AbortSignal,
): Promise<number> {
  const query = { project, page: 1, page_size: 1, include: 'id', query: encodeTaskQuery({ filters }) };
  return (await connection.json(PAGE, { method: 'GET', path: '/api/tasks/', query, signal })).total;
}
