import type { Connection } from '../connection/connection.ts';
import { orGone } from '../connection/or-gone.ts';
import { ML_BACKEND, type MlBackend } from './model-versions.ts';

export interface MlBackendDraft {
  readonly url: string;
  readonly title: string;
  /** An object, or its JSON text as the connect form sends it. */
  readonly extra_params?: object | string;
  readonly is_interactive?: boolean;
  readonly auth_method?: 'NONE' | 'BASIC_AUTH';
  readonly basic_auth_user?: string;
  readonly basic_auth_pass?: string;
}

/**
 * Connects an ML backend as the Settings form does. Before it answers, Label Studio calls GET /health and POST /setup twice each.
 * Never from anything that /setup starts.
 */
export function createMlBackend(
  connection: Connection,
  project: number,
  backend: MlBackendDraft,
  signal?: AbortSignal,
): Promise<MlBackend> {
  return connection.json(ML_BACKEND, {
    method: 'POST',
    path: '/api/ml/',
    body: { project, ...backend },
    timeout: 60_000,
    signal,
  });
}

/**
 * Has Label Studio call GET /health and POST /setup of a backend, once each, at the address that it has stored.
 * Not in answer to each /setup: that would go on for ever.
 */
export function callMlBackend(connection: Connection, id: number, signal?: AbortSignal): Promise<void> {
  return connection.done({ method: 'GET', path: `/api/ml/${id}`, signal });
}

/** Disconnects it. Label Studio calls GET /health and POST /setup of the backend once more; the webhook it made stays. */
export function deleteMlBackend(connection: Connection, id: number, signal?: AbortSignal): Promise<void> {
  return orGone(connection.done({ method: 'DELETE', path: `/api/ml/${id}`, signal }));
}
