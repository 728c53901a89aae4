import type { LabelConfig } from '../label-config/label-config.ts';
import { parseAnnotatedTask } from './annotated-task.ts';
import { type CountingAnnotation, countingAnnotation, type UnpaintedRules } from './counting-annotation.ts';
import type { KnownPrediction } from './known-prediction.ts';
import { parseTaskMeta, type TaskMeta } from './task-meta.ts';

export interface DecodeOptions {
  /** Size of the pictures in pixels. */
  readonly width: number;
  readonly height: number;
  readonly rules: UnpaintedRules;
  /** Our predictions by task id, for telling what the annotator changed. Those that the tasks carry themselves are used too. */
  readonly predictions?: ReadonlyMap<number, readonly KnownPrediction[]>;
  /** Called after each task: a place to report progress, let messages in, or throw. */
  readonly onTask?: (done: number) => void | Promise<void>;
}

export interface DecodedTask extends CountingAnnotation {
  readonly taskId: number;
  /** Null: not a task of ours, or not a task at all (then `taskId` is -1); its annotations are not read. */
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
  const { width, height, rules, predictions, onTask } = options;
  const decoded: DecodedTask[] = [];
  for (const value of tasks) {
    const task = parseAnnotatedTask(value);
    const meta = task === null ? null : parseTaskMeta(task.meta);
    if (task === null || meta === null) {
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
      const counting = await countingAnnotation(task, config, width, height, rules, predictions?.get(task.id));
      decoded.push({ taskId: task.id, meta, ...counting, rejected: [...task.malformed, ...counting.rejected] });
    }
    await onTask?.(decoded.length);
  }
  return decoded;
}
