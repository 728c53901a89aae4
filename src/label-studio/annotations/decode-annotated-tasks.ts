import type { LabelConfig } from '../label-config/label-config.ts';
import { type AnnotatedTask, parseAnnotatedTask } from './annotated-task.ts';
import { type CountingAnnotation, countingAnnotation, type UnpaintedRules } from './counting-annotation.ts';
import type { KnownPrediction } from './known-prediction.ts';
import { parseTaskMeta, type TaskMeta } from './task-meta.ts';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

export interface DecodeOptions {
  /** Size of a task's picture in pixels; undefined: it shows none of ours. */
  readonly sizeOf: (task: Pick<AnnotatedTask, 'id' | 'meta'>) => PictureSize | undefined;
  readonly rules: UnpaintedRules;
  /** Our predictions by task id, for telling what the annotator changed. Those that the tasks carry themselves are used too. */
  readonly predictions?: ReadonlyMap<number, readonly KnownPrediction[]>;
  /** Called after each task: a place to report progress, let messages in, or throw. */
  readonly onTask?: (done: number) => void | Promise<void>;
}

export interface DecodedTask extends CountingAnnotation {
  readonly taskId: number;
  /** Which generated picture the task shows; null: none, or it is not a task at all (then `taskId` is -1). */
  readonly meta: TaskMeta | null;
}

/**
 * Reads the annotations of a project, as an export in Label Studio's JSON or the API's task list with all fields gives them. One result per task, in order.
 * A task or annotation that cannot be read becomes a line in `rejected`, never an error.
 */
export async function decodeAnnotatedTasks(
  tasks: readonly unknown[],
  config: LabelConfig,
  options: DecodeOptions,
): Promise<DecodedTask[]> {
  const { sizeOf, rules, predictions, onTask } = options;
  const decoded: DecodedTask[] = [];
  for (const value of tasks) {
    const task = parseAnnotatedTask(value);
    const meta = task === null ? null : parseTaskMeta(task.meta);
    const size = task === null ? undefined : sizeOf(task);
    if (task === null || size === undefined) {
      decoded.push({
        taskId: task?.id ?? -1,
        meta,
        counted: null,
        opinions: [],
        machineMade: 0,
        skipped: 0,
        rejected: [],
        notes: [],
      });
    } else {
      const counting = await countingAnnotation(task, config, size.width, size.height, rules, predictions?.get(task.id));
      decoded.push({ taskId: task.id, meta, ...counting, rejected: [...task.malformed, ...counting.rejected] });
    }
    await onTask?.(decoded.length);
  }
  return decoded;
}
