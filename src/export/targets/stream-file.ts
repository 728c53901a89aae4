import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ExportFile } from './export-target.ts';

/** A file over a stream: `append` waits while the stream is full, and throws what the stream fails with. */
export function streamFile(stream: Writable): ExportFile {
  const failed = finished(stream);
  // Told by append and close; a rejection that nobody listens to until then would end the process.
  failed.catch(() => undefined);
  return {
    async append(content) {
      if (stream.destroyed) await failed;
      if (!stream.write(content)) await Promise.race([once(stream, 'drain'), failed]);
    },
    async close() {
      stream.end();
      await failed;
    },
  };
}
