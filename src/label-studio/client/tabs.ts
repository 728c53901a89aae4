import { z } from 'zod';
import type { Connection } from '../connection/connection.ts';

const VIEW = z.looseObject({ id: z.number(), data: z.looseObject({ title: z.string().nullish() }).nullish() });

/** Columns that every list of tasks can have (Label Studio 1.23), beside the keys of the tasks' data; in that order, the keys last. */
const COLUMNS = [
  'id',
  'inner_id',
  'completed_at',
  'total_annotations',
  'cancelled_annotations',
  'total_predictions',
  'annotators',
  'annotations_results',
  'annotations_ids',
  'predictions_score',
  'predictions_model_versions',
  'predictions_results',
  'file_upload',
  'storage_filename',
  'created_at',
  'updated_at',
  'updated_by',
  'avg_lead_time',
  'draft_exists',
] as const;

/** A tab of a project's task list. */
export interface ViewDraft {
  readonly title: string;
  /** A column of the task, `-` before it for descending. */
  readonly order?: string;
  /** Columns that are shown, beside the keys of the tasks' data. */
  readonly shown: readonly (typeof COLUMNS)[number][];
  /** Keys of the tasks' data that are not shown. */
  readonly hiddenData?: readonly string[];
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
  { title, order, shown, hiddenData = [] }: ViewDraft,
  signal?: AbortSignal,
): Promise<void> {
  const ordering = order === undefined ? [] : [order.startsWith('-') ? `-tasks:${order.slice(1)}` : `tasks:${order}`];
  const hidden = [...hiddenData.map((key) => `data.${key}`), ...COLUMNS.filter((column) => !shown.includes(column))];
  const columns = hidden.map((column) => `tasks:${column}`);
  const data = {
    title,
    type: 'list',
    target: 'tasks',
    ordering,
    filters: { conjunction: 'and', items: [] },
    // In the list, and beside the editor.
    hiddenColumns: { explore: columns, labeling: columns },
  };
  await connection.json(VIEW, { method: 'POST', path: '/api/dm/views/', body: { project, data }, signal });
}
