import { z } from 'zod';
import type { Connection } from '../connection/connection.ts';
import { orGone } from '../connection/or-gone.ts';

const WEBHOOK = z.looseObject({
  id: z.number(),
  project: z.number().nullish(),
  url: z.string(),
  is_active: z.boolean(),
  send_payload: z.boolean(),
  send_for_all_actions: z.boolean(),
  actions: z.array(z.string()).optional(),
});

export type Webhook = z.infer<typeof WEBHOOK>;

/** The webhooks of a project. Their headers hold secrets and are left out. */
export async function listWebhooks(connection: Connection, project: number, signal?: AbortSignal): Promise<Webhook[]> {
  const path = '/api/webhooks/';
  const hooks = await connection.json(z.array(WEBHOOK), { method: 'GET', path, query: { project }, signal });
  return hooks.map(({ headers: _secret, ...hook }) => hook);
}

/**
 * Makes a webhook for all actions of a project. Label Studio accepts hosts with a dot, IPv4 addresses and localhost only.
 * @param headers sent with each event; at most ten
 * @throws DatasetGanError `label-studio-error` for a host without a dot, or an address that its SSRF protection blocks
 */
export function createWebhook(
  connection: Connection,
  project: number,
  hook: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
  signal?: AbortSignal,
): Promise<Webhook> {
  const body = { project, ...hook, send_payload: true, send_for_all_actions: true, is_active: true };
  return connection.json(WEBHOOK, { method: 'POST', path: '/api/webhooks/', body, signal });
}

export function deleteWebhook(connection: Connection, id: number, signal?: AbortSignal): Promise<void> {
  return orGone(connection.done({ method: 'DELETE', path: `/api/webhooks/${id}/`, signal }));
}
