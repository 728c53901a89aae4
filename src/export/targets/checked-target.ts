import { createHash } from 'node:crypto';
import { type FileTarget, utf8 } from './export-target.ts';

export const CHECKSUMS = 'SHA256SUMS';

export interface CheckedTarget {
  readonly target: FileTarget;
  /** Writes SHA256SUMS. */
  close(): Promise<void>;
}

/** Passes everything on, and ends with the file SHA256SUMS, as `sha256sum --check` reads it. It is the last file: an export without it is cut off. */
export async function checkedTarget(to: FileTarget): Promise<CheckedTarget> {
  const sums = await to.open(CHECKSUMS);
  const note = (sha256: string, path: string) => sums.append(`${sha256}  ${path}\n`);
  const target: FileTarget = {
    async write(path, bytes) {
      await to.write(path, bytes);
      await note(createHash('sha256').update(bytes).digest('hex'), path);
    },
    async open(path) {
      const file = await to.open(path);
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
  };
  return { target, close: () => sums.close() };
}
