import { z } from 'zod';
import type { Connection } from './connection.ts';

const VERSION = z.looseObject({ release: z.string() });

/** Label Studio's own version, such as 1.23.2. */
export async function serverVersion(connection: Connection, signal?: AbortSignal): Promise<string> {
  return (await connection.json(VERSION, { method: 'GET', path: '/api/version', signal })).release;
}
