import { z } from 'zod';
import type { Connection } from './connection.ts';

const USER = z.looseObject({ id: z.number(), email: z.string(), active_organization: z.number().nullish() });
export type User = z.infer<typeof USER>;

/** The user the key belongs to: the cheapest proof that it works. */
export function whoAmI(connection: Connection, signal?: AbortSignal): Promise<User> {
  return connection.json(USER, { method: 'GET', path: '/api/current-user/whoami', signal });
}
