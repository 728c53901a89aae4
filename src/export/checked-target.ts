import { createHash } from 'node:crypto';
import { type ExportTarget, utf8 } from './export-target.ts';

export const CHECKSUMS = 'SHA256SUMS';

/** Passes everything on, and ends with the file SHA256SUMS, as `sha256sum --check` reads it. It is the last file: an archive without it is cut off. */
export async function checkedTarget(target: ExportTarget): Promise<ExportTarget> {
  const sums = await target.open(CHECKSUMS);
  const note = (sha256: string, path: string) => sums.append(`${sha256}  ${path}\n`);
  return {
    async write(path, bytes) {
      await target.write(path, bytes);
      await note(createHash('sha256').update(bytes).digest('hex'), path);
    },
    async open(path) {
      const file = await target.open(path);
      const hash = createHash('sha256');
      return {
        async append(content) {
          const bytes = typeof content === 'string' ? utf8(content) : content;
          hash.update(bytes);
          await file.append(bytes);
        },
        async close() {
          await file.close();
          await note(hash.digest('hex'), path);
        },
      };
    },
    async finish() {
      await sums.close();
      await target.finish();
    },
    discard: () => target.discard(),
  };
}
