import type { Webhook } from '../client/webhooks.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { isOurs } from './same-server.ts';

const NEEDED = ['ANNOTATION_CREATED', 'ANNOTATION_UPDATED', 'ANNOTATIONS_DELETED'];

/** Do events reach us? Without them everything still happens, up to a minute later. */
export function checkWebhooks(webhooks: readonly Webhook[], ours: readonly string[]): Finding[] {
  const hooks = webhooks.filter(({ url }) => url.replace(/\/+$/, '').endsWith('/webhook') && isOurs(url, ours));
  const where = 'In the project: Settings, Webhooks';
  const active = hooks.filter(({ is_active }) => is_active);
  if (hooks.length === 0)
    return [
      warn(
        'has no webhook to this server, so this server notices annotations up to a minute late',
        `${where}, Add Webhook, ${(ours[0] ?? '').replace(/\/+$/, '')}/webhook, for all actions. Or connect the backend again.`,
      ),
    ];
  if (active.length === 0) return [fail(`the webhook to ${hooks[0]?.url} is turned off`, `${where}, turn it on.`)];
  const complete = active.some(
    (hook) =>
      hook.send_payload && (hook.send_for_all_actions || NEEDED.every((action) => hook.actions?.includes(action) === true)),
  );
  if (!complete)
    return [
      warn('the webhook does not send all annotation events', `${where}, turn on "Send payload" and "Send for all actions".`),
    ];
  return [ok(`Label Studio sends events to ${active[0]?.url}`)];
}
