import { z } from 'zod';
import type { Connection } from '../connection/connection.ts';
import { AnswerError } from '../connection/failure.ts';

const VERSION = z.looseObject({ release: z.string() });

/** Label Studio's own version, such as 1.23.2. */
export async function serverVersion(connection: Connection, signal?: AbortSignal): Promise<string> {
  return (await connection.json(VERSION, { method: 'GET', path: '/api/version', signal })).release;
}

const USER = z.looseObject({ id: z.number(), email: z.string(), active_organization: z.number().nullish() });
export type User = z.infer<typeof USER>;

/** The user the key belongs to: the cheapest proof that it works. */
export function whoAmI(connection: Connection, signal?: AbortSignal): Promise<User> {
  return connection.json(USER, { method: 'GET', path: '/api/current-user/whoami', signal });
}

/** What Label Studio thinks of an address, before anything is connected. */
export interface AddressVerdict {
  /** As an ML backend: checked by its own name lookup and against the networks it blocks. */
  readonly backend: 'fine' | 'blocked' | 'unresolvable';
  /** Of its `/webhook`: `invalid` is a host without a dot, which its form of addresses does not know. */
  readonly webhook: 'fine' | 'blocked' | 'unresolvable' | 'invalid';
  /** Label Studio's own words for the first that is not fine, else ''. */
  readonly detail: string;
}

/**
 * Asks for a backend and a webhook in project 0, which does not exist: Label Studio checks the address before it refuses the project, so that
 * nothing is made and nothing is called.
 */
export async function probeAddress(connection: Connection, url: string, signal?: AbortSignal): Promise<AddressVerdict> {
  const base = url.replace(/\/+$/, '');
  const backend = await refusal(connection, '/api/ml/', base, signal);
  const webhook = await refusal(connection, '/api/webhooks/', `${base}/webhook`, signal);
  return {
    backend: verdict(backend) ?? 'fine',
    webhook: verdict(webhook) ?? (webhook.includes('url:') ? 'invalid' : 'fine'),
    detail: [backend, webhook].find((detail) => verdict(detail) !== undefined || detail.includes('url:')) ?? '',
  };
}

function verdict(detail: string): 'blocked' | 'unresolvable' | undefined {
  if (/reserved network address/i.test(detail)) return 'blocked';
  return /can't resolve hostname/i.test(detail) ? 'unresolvable' : undefined;
}

async function refusal(connection: Connection, path: string, url: string, signal: AbortSignal | undefined): Promise<string> {
  try {
    await connection.done({ method: 'POST', path, body: { url, project: 0 }, signal });
    return '';
  } catch (thrown) {
    if (thrown instanceof AnswerError && [400, 403, 500].includes(thrown.answered)) return thrown.detail;
    throw thrown;
  }
}
