import type { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { DatasetGanError } from '../../errors.ts';
import { CHECKSUMS } from './checked-target.ts';
import type { ExportTarget } from './export-target.ts';

/** Files up to this size are passed on whole. */
const SMALL = 8e6;

/**
 * Unpacks an export's archive into a target and finishes it.
 * @returns files
 * @throws DatasetGanError `corrupt-file` when the archive ends too early (its last file, SHA256SUMS, is not there) or names a file outside the target,
 * the signal's reason; the target is discarded then
 */
export async function untar(
  archive: Readable,
  target: ExportTarget,
  { signal, onFile }: { readonly signal?: AbortSignal; readonly onFile?: (files: number) => void } = {},
): Promise<number> {
  const tar = extract();
  const stop = () => archive.destroy(signal?.reason as Error);
  signal?.addEventListener('abort', stop);
  const feed = async () => {
    for await (const chunk of archive as AsyncIterable<Uint8Array>)
      if (!tar.write(chunk)) await new Promise((go) => tar.once('drain', go as () => void));
    tar.end(null);
  };
  feed().catch((error: Error) => tar.destroy(error));
  let files = 0;
  let last = '';
  try {
    for await (const entry of tar) {
      const { name, size = 0 } = entry.header;
      last = requireInside(name);
      const content = entry as AsyncIterable<Uint8Array>;
      if (size <= SMALL) await target.write(last, Buffer.concat(await Array.fromAsync(content)));
      else {
        const file = await target.open(last);
        for await (const chunk of content) await file.append(chunk);
        await file.close();
      }
      onFile?.(++files);
    }
    if (last !== CHECKSUMS && !last.endsWith(`/${CHECKSUMS}`)) throw new Error('it ends too early');
    await target.finish();
    return files;
  } catch (cause) {
    archive.destroy();
    await target.discard();
    if (cause instanceof DatasetGanError) throw cause;
    throw new DatasetGanError('corrupt-file', `The archive of the export is incomplete: ${(cause as Error).message}`, {
      fix: "Check the server's log, then export again.",
      cause,
    });
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function requireInside(path: string): string {
  if (!path.startsWith('/') && !path.split('/').includes('..')) return path;
  throw new DatasetGanError('corrupt-file', `The archive holds a file outside its folder: ${path}`, {
    fix: 'Use a server that you trust. This is not an export of DatasetGAN.',
  });
}
