import type { Job } from '../../../api/answers.ts';

/** Of imports, the newest first: those that failed after the last one that succeeded. */
export function failedSinceSuccess(imports: readonly Job[]): readonly Job[] {
  const success = imports.findIndex(({ state }) => state === 'completed');
  return imports.slice(0, success === -1 ? undefined : success).filter(({ state }) => state === 'failed');
}
