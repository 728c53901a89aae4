import { z } from 'zod';
import { type EngineContext, engineTask } from '../../engine/task.ts';
import { type AnnotationSummary, summariseAnnotation } from '../../interpreter/versions/version-id.ts';
import { parseAnnotatedTask } from '../../label-studio/annotations/annotated-task.ts';
import type { UnpaintedRules } from '../../label-studio/annotations/counting-annotation.ts';
import { type DecodedTask, decodeAnnotatedTasks } from '../../label-studio/annotations/decode-annotated-tasks.ts';
import type { KnownPrediction } from '../../label-studio/annotations/known-prediction.ts';
import type { LabelConfig } from '../../label-studio/label-config/label-config.ts';
import { versionOfRegions } from '../../label-studio/regions/region.ts';
import { type AnnotatedSize, fittedAnnotation, paddedMap } from './fit-annotation.ts';

const bodySchema = z.object({ tasks: z.array(z.unknown()) });

const tasksOf = (body: Uint8Array): unknown[] => bodySchema.parse(JSON.parse(new TextDecoder().decode(body))).tasks;

/** The predictions that a task's annotations began as. */
export interface AnnotationOrigins {
  readonly task: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly meta: unknown;
  /** Ids of prediction rows. */
  readonly rows: readonly number[];
  /** Versions named by the ids of the regions. */
  readonly versions: readonly string[];
}

/** Of each task that is one. */
export function annotationOrigins(body: Uint8Array): AnnotationOrigins[] {
  return tasksOf(body).flatMap((value) => {
    const task = parseAnnotatedTask(value);
    if (task === null) return [];
    const { id, data, meta, annotations } = task;
    const versions = annotations.map(({ result }) => versionOfRegions(result)).filter((version) => version !== null);
    const rows = annotations.map((annotation) => annotation.parent_prediction).filter((row) => row !== null && row !== undefined);
    return [{ task: id, data, meta, rows: [...new Set(rows)], versions: [...new Set(versions)] }];
  });
}
export const annotationOriginsTask = engineTask(import.meta.url, annotationOrigins);

export interface DecodeAnnotationsInput {
  /** A body of readAnnotations. */
  readonly body: Uint8Array;
  readonly config: LabelConfig;
  /** Of the tasks that show pictures of ours; annotations of others are not read. */
  readonly sizes: ReadonlyMap<number, AnnotatedSize>;
  readonly rules: UnpaintedRules;
  readonly predictions: ReadonlyMap<number, readonly KnownPrediction[]>;
}

/** A task with the annotation that counts, and what the version id says of it: null where none counts, or its label map is not final. */
export type DecodedAnnotations = DecodedTask & { readonly summary: AnnotationSummary | null };

/** Annotations → label maps (design: which annotation counts, overlapping regions). */
export async function decodeAnnotations(input: DecodeAnnotationsInput, context: EngineContext): Promise<DecodedAnnotations[]> {
  const { body, config, sizes, rules, predictions } = input;
  const decoded = await decodeAnnotatedTasks(tasksOf(body), config, {
    sizeOf: ({ id }) => sizes.get(id),
    rules,
    predictions,
    onTask: () => context.checkpoint(),
  });
  return decoded.map((task) => {
    const size = sizes.get(task.taskId);
    if (task.counted === null || size === undefined) return { ...task, summary: null };
    const fitted = fittedAnnotation(task.counted, size);
    if (fitted.painted !== null) return { ...task, counted: fitted, summary: null };
    const counted = { ...fitted, labelMap: paddedMap(fitted.labelMap, size) };
    return { ...task, counted, summary: summariseAnnotation(counted.labelMap, config.labels.length, counted.boxes) };
  });
}
export const decodeAnnotationsTask = engineTask(import.meta.url, decodeAnnotations);
