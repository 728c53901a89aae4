import type { Connection } from './connection.ts';
import { AnswerError } from './failure.ts';

/**
 * Whether Label Studio takes a label config; the reason when it does not.
 * With a project: also whether its annotations allow the change.
 */
export async function validateLabelConfig(
  connection: Connection,
  labelConfig: string,
  options: { readonly project?: number; readonly signal?: AbortSignal } = {},
): Promise<string | undefined> {
  const path = options.project === undefined ? '/api/projects/validate/' : `/api/projects/${options.project}/validate/`;
  const body = { label_config: labelConfig };
  try {
    await connection.done({ method: 'POST', path, body, idempotent: true, signal: options.signal });
    return undefined;
  } catch (thrown) {
    if (thrown instanceof AnswerError && thrown.answered === 400) return thrown.detail;
    throw thrown;
  }
}
