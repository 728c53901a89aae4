import { z } from 'zod';
import type { Connection } from './connection.ts';

const VIEW = z.looseObject({ id: z.number(), data: z.looseObject({ title: z.string().nullish() }).nullish() });

/** A tab of a project's task list. */
export interface ViewDraft {
  readonly title: string;
  /** A column of the task, `-` before it for descending. */
  readonly order?: string;
  /** Columns of the task that are not shown; a key of its data is `data.KEY`. */
  readonly hidden?: readonly string[];
}

/** Titles of a project's tabs; none until somebody opened the project, and then its default one. */
export async function listViewTitles(connection: Connection, project: number, signal?: AbortSignal): Promise<string[]> {
  const views = await connection.json(z.array(VIEW), { method: 'GET', path: '/api/dm/views/', query: { project }, signal });
  return views.map(({ data }) => data?.title ?? '');
}

/** Not idempotent: a repeated call makes a second tab of that title. */
export async function createView(
  connection: Connection,
  project: number,
  { title, order, hidden = [] }: ViewDraft,
  signal?: AbortSignal,
): Promise<void> {
  const ordering = order === undefined ? [] : [order.startsWith('-') ? `-tasks:${order.slice(1)}` : `tasks:${order}`];
  const columns = hidden.map((column) => `tasks:${column}`);
  const data = {
    title,
    type: 'list',
    target: 'tasks',
    ordering,
    filters: { conjunction: 'and', items: [] },
    // In the list, and beside the editor.
    ...(columns.length === 0 ? {} : { hiddenColumns: { explore: columns, labeling: columns } }),
  };
  await connection.json(VIEW, { method: 'POST', path: '/api/dm/views/', body: { project, data }, signal });
}
