import { z } from 'zod';
import { DatasetGanError } from '../../errors.ts';
import type { Connection } from './connection.ts';
import { dataManagerAction } from './data-manager-action.ts';
import { type PredictionDraft, predictionJson } from './prediction.ts';
import { LONG } from './transport.ts';

export interface TaskDraft {
  readonly data: Readonly<Record<string, unknown>>;
  readonly meta: object;
  readonly predictions?: readonly PredictionDraft[];
  readonly annotations?: readonly ImportedAnnotation[];
}

/** An annotation that comes with its task. Its regions are JSON text already. */
export interface ImportedAnnotation {
  readonly resultJson: string;
}

const ANSWER = z.looseObject({
  task_count: z.number(),
  task_ids: z.array(z.number()).optional(),
  annotation_count: z.number().nullish(),
  prediction_count: z.number().nullish(),
});

export function taskJson({ data, meta, predictions = [], annotations = [] }: TaskDraft): string {
  const lists = [
    ...(predictions.length === 0 ? [] : [`"predictions":[${predictions.map(predictionJson).join(',')}]`]),
    ...(annotations.length === 0 ? [] : [`"annotations":[${annotations.map(annotationJson).join(',')}]`]),
  ];
  return `${[JSON.stringify({ data, meta }).slice(0, -1), ...lists].join(',')}}`;
}

/** Without a lead time: nobody worked on it. Label Studio would make it ground truth. */
const annotationJson = ({ resultJson }: ImportedAnnotation) => `{"ground_truth":false,"result":${resultJson}}`;

/**
 * Makes tasks, each with its predictions and annotations; all or none. Answers their ids in order. Not idempotent. Keep a call at about 30 MB.
 * A project without a model_version gets the version of the last prediction.
 */
export async function importTasks(
  connection: Connection,
  project: number,
  tasks: readonly TaskDraft[],
  signal?: AbortSignal,
): Promise<number[]> {
  if (tasks.length === 0) return [];
  const body = `[${tasks.map(taskJson).join(',')}]`;
  const query = { return_task_ids: true };
  const path = `/api/projects/${project}/import`;
  const answer = await connection.json(ANSWER, { method: 'POST', path, query, body, timeout: LONG, signal });
  const { task_ids: ids = [] } = answer;
  if (ids.length > 0 && isPartial(tasks, answer)) {
    await dataManagerAction(connection, project, 'delete_tasks', ids, signal);
    throw new DatasetGanError(
      'label-studio-error',
      `Label Studio at ${connection.base} made ${ids.length} tasks of project ${project} without their predictions or annotations; they were deleted again.`,
      { fix: 'Nothing to do: they are pushed again. Where it happens often, give Label Studio a PostgreSQL instead of SQLite.' },
    );
  }
  if (ids.length === tasks.length) return ids;
  throw new DatasetGanError(
    'label-studio-error',
    `Label Studio at ${connection.base} answered ${ids.length} task ids to ${tasks.length} imported tasks of project ${project}.`,
    { fix: 'Nothing to do: what is missing is pushed again.' },
  );
}

/**
 * Whether predictions or annotations are missing. Label Studio 1.23 on SQLite takes them out of what it was sent before it stores anything; when its
 * database is locked just then, it begins again without them, and answers 201.
 */
function isPartial(
  tasks: readonly TaskDraft[],
  { annotation_count: annotations, prediction_count: predictions }: z.infer<typeof ANSWER>,
): boolean {
  const sent = (of: (task: TaskDraft) => readonly unknown[] | undefined) =>
    tasks.reduce((sum, task) => sum + (of(task)?.length ?? 0), 0);
  const lacks = (made: number | null | undefined, wanted: number) => typeof made === 'number' && made < wanted;
  return (
    lacks(
      annotations,
      sent((task) => task.annotations),
    ) ||
    lacks(
      predictions,
      sent((task) => task.predictions),
    )
  );
}
