import type { Request } from 'express';
import type { Upload } from '../api/backend.ts';
import { DatasetGanError } from '../errors.ts';

/** A sender of whom nothing is heard for so long has gone. */
const SILENCE_MS = 60_000;

/**
 * The file that a request's body is, as it comes.
 * @throws DatasetGanError `unsupported-media-type` for any type but application/octet-stream, or when it is compressed
 */
export function fileBody(request: Request): Upload {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (!request.is('application/octet-stream') || encoding !== 'identity')
    throw new DatasetGanError('unsupported-media-type', 'The body must be the file itself, uncompressed.', {
      fix: 'Send Content-Type: application/octet-stream, and no Content-Encoding.',
    });
  const announced = request.headers['content-length'];
  return { bytes: pieces(request), length: announced === undefined ? null : Number(announced) };
}

async function* pieces(request: Request): AsyncGenerator<Uint8Array> {
  request.setTimeout(SILENCE_MS, () => request.destroy());
  try {
    // Whoever stops reading wants to answer: the connection stays.
    for await (const piece of request.iterator({ destroyOnReturn: false })) yield piece as Uint8Array;
  } catch (cause) {
    throw new DatasetGanError('bad-request', 'The connection broke before the file was complete.', {
      fix: 'Send the whole file again.',
      cause,
    });
  }
}
