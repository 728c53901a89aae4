import type { Connection } from './connection.ts';
import { ANNOTATION, type Annotation } from './read-annotations.ts';

export interface AnnotationDraft {
  readonly result: readonly object[];
  /** Seconds of work; without it an annotation that equals one of our predictions counts as machine-made. */
  readonly lead_time?: number;
  readonly was_cancelled?: boolean;
  readonly parent_prediction?: number;
}

/** Submits an annotation as the editor does. `ground_truth` is set to false: Label Studio's default differs from path to path. */
export function createAnnotation(
  connection: Connection,
  task: number,
  draft: AnnotationDraft,
  signal?: AbortSignal,
): Promise<Annotation> {
  const body = { ground_truth: false, ...draft };
  return connection.json(ANNOTATION, { method: 'POST', path: `/api/tasks/${task}/annotations/`, body, signal });
}
