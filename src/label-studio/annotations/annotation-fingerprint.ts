import { createHash } from 'node:crypto';
import { z } from 'zod';

const stampsSchema = z.object({
  annotations: z.array(z.object({ id: z.number(), updated_at: z.string().nullish(), was_cancelled: z.boolean().nullish() })),
});

/**
 * Changes when an annotation of the tasks is made, changed, skipped or deleted, and only then: sha256 (hex) over the sorted set of
 * (annotation id, updated_at, was_cancelled). Order, tasks without annotations and everything else in the tasks do not matter.
 */
export function annotationFingerprint(tasks: readonly unknown[]): string {
  const lines = tasks
    .flatMap((task) => stampsSchema.safeParse(task).data?.annotations ?? [])
    .sort((a, b) => a.id - b.id)
    .map(({ id, updated_at, was_cancelled }) => `${id} ${updated_at ?? ''} ${was_cancelled === true}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}
