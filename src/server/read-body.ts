import type { Request } from 'express';
import { DatasetGanError } from '../errors.ts';
import { jsonOfBytes } from '../label-studio/requests/json-of-bytes.ts';

/** Label Studio sends tasks with all their annotations and old predictions along. */
const LARGEST_BODY = 250 * 2 ** 20;
const LARGEST_JSON = 2 ** 20;

/** No body that is kept in memory takes so long to arrive. */
const ARRIVAL_MS = 300_000;

/**
 * The bytes of a body, in a buffer of their own that can be moved to another thread. Chunks are copied as they arrive, so that
 * no moment of the main thread is spent on 100 MB at once.
 * @throws DatasetGanError `body-too-large`, `unsupported-media-type` when it is compressed, `bad-request` when it ends too early.
 */
export function readBody(request: Request, limit = LARGEST_BODY): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => request.destroy(), ARRIVAL_MS);
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') reject(compressed(encoding));
    const announced = Number(request.headers['content-length'] ?? 0);
    let tooLong = announced > limit;
    if (tooLong) reject(tooLarge(limit));
    let buffer = new ArrayBuffer(tooLong ? 0 : announced);
    let length = 0;
    request.on('data', (chunk: Uint8Array) => {
      // Read to its end and dropped: a client in mid-send would otherwise see a broken connection, not the answer.
      if (tooLong) return;
      const end = length + chunk.byteLength;
      if (end > limit) {
        tooLong = true;
        buffer = new ArrayBuffer(0);
        reject(tooLarge(limit));
        return;
      }
      if (end > buffer.byteLength) buffer = buffer.transfer(Math.min(limit, Math.max(end, 2 * buffer.byteLength)));
      new Uint8Array(buffer).set(chunk, length);
      length = end;
    });
    request.on('end', () => resolve(new Uint8Array(length === buffer.byteLength ? buffer : buffer.transfer(length))));
    request.on('close', () => {
      clearTimeout(late);
      reject(new DatasetGanError('bad-request', 'The request body ended too early.'));
    });
    request.on('error', () => undefined);
  });
}

/**
 * The JSON of a REST body; `{}` where there is none.
 * @throws DatasetGanError `unsupported-media-type` for any type but application/json, `bad-request` for what is not JSON, or nested too deeply.
 */
export async function readJson(request: Request): Promise<unknown> {
  const bytes = await readBody(request, LARGEST_JSON);
  if (bytes.length === 0) return {};
  if (!request.is('application/json'))
    throw new DatasetGanError('unsupported-media-type', 'The body must be JSON.', {
      fix: 'Send Content-Type: application/json.',
    });
  return jsonOfBytes(bytes);
}

function compressed(encoding: string): DatasetGanError {
  return new DatasetGanError('unsupported-media-type', `Bodies compressed as ${encoding} are not supported.`, {
    fix: 'Send the body uncompressed.',
  });
}

function tooLarge(limit: number): DatasetGanError {
  return new DatasetGanError('body-too-large', `The body is larger than ${limit / 2 ** 20} MiB.`, {
    fix: 'Send less in one request. In Label Studio, select fewer tasks at a time.',
  });
}
