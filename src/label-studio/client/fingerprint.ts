import { z } from 'zod';
import type { Connection } from './connection.ts';
import { TASK } from './list-tasks.ts';
import { encodeTaskQuery } from './task-query.ts';

const PAGE = z.looseObject({ total: z.number(), total_annotations: z.number(), tasks: z.array(TASK) });

/**
 * A text that changes whenever a project's annotations or tasks do: number of tasks, of annotations (without skips) and the newest
 * `updated_at` of a task, which every annotation that is made, changed, skipped or deleted moves. Predictions pushed in bulk do not move it;
 * a changed task or a single prediction does, so an unequal fingerprint says "look closer", an equal one "nothing to do". One small request.
 * @throws DatasetGanError `label-studio-gone`
 */
export async function fingerprint(connection: Connection, project: number, signal?: AbortSignal): Promise<string> {
  const query = { project, page: 1, page_size: 1, include: 'id,updated_at', query: encodeTaskQuery({ order: '-updated_at' }) };
  const page = await connection.json(PAGE, { method: 'GET', path: '/api/tasks/', query, signal });
  return [page.total, page.total_annotations, page.tasks[0]?.updated_at ?? ''].join('|');
}
