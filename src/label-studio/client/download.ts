import type { Connection } from './connection.ts';

/**
 * A file that Label Studio serves, such as `/data/upload/1/….png` of a task's data.
 * @param path as `task.data` has it: relative, or with the prefix of the connection's base
 */
export function download(connection: Connection, path: string, signal?: AbortSignal): Promise<Uint8Array> {
  const prefix = new URL(connection.base).pathname.replace(/\/$/, '');
  const relative = prefix !== '' && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
  return connection.bytes({ method: 'GET', path: relative, timeout: 60_000, signal });
}
