import type { Request } from 'express';
import { DatasetGanError } from '../errors.ts';

/** Label Studio sends tasks with all their annotations and old predictions along. */
export const LARGEST_BODY = 250 * 2 ** 20;
const LARGEST_JSON = 2 ** 20;

/**
 * The bytes of a body, in a buffer of their own that can be moved to another thread. Chunks are copied as they arrive, so that
 * no moment of the main thread is spent on 100 MB at once.
 * @throws DatasetGanError `body-too-large`, `unsupported-media-type` when it is compressed, `bad-request` when it breaks off.
 */
export async function readBody(request: Request, limit = LARGEST_BODY): Promise<Uint8Array<ArrayBuffer>> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    request.resume();
    throw new DatasetGanError('unsupported-media-type', `Bodies compressed as ${encoding} are not taken.`, {
      fix: 'Send the body uncompressed.',
    });
  }
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limit) throw tooLarge(request, limit);
  let buffer = new ArrayBuffer(announced);
  let length = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      const end = length + chunk.byteLength;
      if (end > limit) throw tooLarge(request, limit);
      if (end > buffer.byteLength) buffer = buffer.transfer(Math.min(limit, Math.max(end, 2 * buffer.byteLength)));
      new Uint8Array(buffer).set(chunk, length);
      length = end;
    }
  } catch (cause) {
    if (cause instanceof DatasetGanError) throw cause;
    throw new DatasetGanError('bad-request', 'The body broke off.', { cause });
  }
  return new Uint8Array(length === buffer.byteLength ? buffer : buffer.transfer(length));
}

/**
 * The JSON of a REST body; `{}` where there is none.
 * @throws DatasetGanError `unsupported-media-type` for any type but application/json, `bad-request` for what is no JSON.
 */
export async function readJson(request: Request): Promise<unknown> {
  const bytes = await readBody(request, LARGEST_JSON);
  if (bytes.length === 0) return {};
  if (!request.is('application/json'))
    throw new DatasetGanError('unsupported-media-type', 'Only JSON bodies are taken.', {
      fix: 'Send Content-Type: application/json.',
    });
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch (cause) {
    throw new DatasetGanError('bad-request', 'The body is not valid JSON.', { fix: 'Send a JSON object in UTF-8.', cause });
  }
}

function tooLarge(request: Request, limit: number): DatasetGanError {
  // What is still on its way is read and dropped: a client in mid-send would otherwise see a broken connection, not this answer.
  request.resume();
  return new DatasetGanError('body-too-large', `The body is larger than ${limit / 2 ** 20} MiB.`, {
    fix: 'Send less in one request; from Label Studio, select fewer tasks at a time.',
  });
}
