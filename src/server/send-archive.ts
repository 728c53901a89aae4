import { once } from 'node:events';
import type { Response } from 'express';
import type { Archive } from '../api/backend.ts';
import { DatasetGanError } from '../errors.ts';
import { logOf } from './request-log.ts';

/**
 * Sends an archive as it is written, no faster than the client reads. Until its first bytes an error is answered as such; later the connection is cut, so
 * that no client takes what it has for the whole.
 */
export async function sendArchive(response: Response, name: string, write: Archive['write']): Promise<void> {
  const start = () => response.attachment(name);
  if (response.req.method === 'HEAD') return void start().end();
  const gone = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) gone.abort(new DatasetGanError('cancelled', 'The client went away.'));
  });
  try {
    await write(async (bytes) => {
      gone.signal.throwIfAborted();
      if (!response.headersSent) start();
      if (!response.write(bytes)) await once(response, 'drain', { signal: gone.signal });
    }, gone.signal);
    response.end();
  } catch (error) {
    if (!response.headersSent) throw error;
    if (!gone.signal.aborted) logOf(response).error({ err: error }, 'sending an archive failed');
    response.destroy();
  }
}
