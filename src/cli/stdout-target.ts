import type { Writable } from 'node:stream';
import { DatasetGanError } from '../errors.ts';
import { archiveTarget } from '../export/targets/archive-target.ts';
import type { ExportTarget } from '../export/targets/export-target.ts';

/** What `--out` says for the standard output, as in other tools. */
export const STDOUT = '-';

/**
 * An export as a tar on the standard output. Without its last file, SHA256SUMS, it ended too early.
 * @throws DatasetGanError `bad-request` where that is a terminal, or whoever reads it stops reading
 */
export function stdoutTarget(out: Writable & { readonly isTTY?: boolean } = process.stdout): ExportTarget {
  requireReader(out);
  return archiveTarget('tar', (bytes) => writeOut(bytes, out));
}

/** Bytes on the standard output. @throws DatasetGanError as stdoutTarget */
export async function writeOut(bytes: Uint8Array, out: Writable & { readonly isTTY?: boolean } = process.stdout): Promise<void> {
  requireReader(out);
  // Told by the callback; without a listener the process would end.
  if (out.listenerCount('error') === 0) out.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    out.write(bytes, (cause) => {
      if (cause === null || cause === undefined) resolve();
      else
        reject(
          new DatasetGanError('bad-request', `Writing to the standard output failed: ${cause.message}`, {
            fix: 'The receiving program must read to the end.',
            cause,
          }),
        );
    });
  });
}

function requireReader({ isTTY }: { readonly isTTY?: boolean }): void {
  if (isTTY !== true) return;
  throw new DatasetGanError('bad-request', 'The output is binary, not for a terminal.', {
    fix: 'Redirect it to a file or a program: --out - > FILE. Or write a file: --out FILE.',
  });
}
