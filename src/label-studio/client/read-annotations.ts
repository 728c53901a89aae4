import { z } from 'zod';
import type { Connection } from './connection.ts';
import { encodeTaskQuery } from './task-query.ts';

/** The fields that are read of an annotation. */
export const ANNOTATION = z.looseObject({
  id: z.number(),
  /** A list of regions, as a rule: Label Studio stores whatever was sent. */
  result: z.unknown(),
  created_at: z.string(),
  updated_at: z.string(),
  was_cancelled: z.boolean(),
  ground_truth: z.boolean().nullish(),
  /** Seconds; null where no human worked on it. */
  lead_time: z.number().nullish(),
  completed_by: z.number().nullish(),
  /** The prediction row it started from. */
  parent_prediction: z.number().nullish(),
});

export type Annotation = z.infer<typeof ANNOTATION>;

/** One body of `readAnnotations`; each task is to be read as an ANNOTATED_TASK by itself, so that an odd one costs no other. */
export const ANNOTATED_TASKS = z.looseObject({ tasks: z.array(z.looseObject({ id: z.number() })) });

export const ANNOTATED_TASK = z.looseObject({
  id: z.number(),
  data: z.record(z.string(), z.unknown()),
  meta: z.unknown().optional(),
  annotations: z.array(ANNOTATION),
});

const FIELDS = Object.keys(ANNOTATION.shape).map((field) => `annotations.${field}`);
const INCLUDE = ['id', 'data', 'meta', 'annotations', ...FIELDS].join(',');

/** Regions are tens of kB an annotation: this many keep a body at a few MB. */
const BATCH = 50;

/**
 * Full annotations of these tasks (ids from `annotationMarks`), as bodies of JSON, `{tasks: […]}`, to be parsed elsewhere: no predictions
 * in them, and none of the copies that Label Studio's export leaves on its disk at each call. Tasks that are gone are missing.
 */
export async function* readAnnotations(
  connection: Connection,
  project: number,
  tasks: readonly number[],
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < tasks.length; start += BATCH) {
    const ids = tasks.slice(start, start + BATCH);
    yield await connection.bytes({
      method: 'GET',
      path: '/api/tasks/',
      query: {
        project,
        page: 1,
        page_size: BATCH,
        fields: 'all',
        expand: 'annotations',
        include: INCLUDE,
        resolve_uri: false,
        query: encodeTaskQuery({ ids }),
      },
      timeout: 120_000,
      signal,
    });
  }
}
