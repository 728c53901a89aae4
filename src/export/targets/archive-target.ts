import type { ArchiveKind } from '../format-names.ts';
import type { ArchiveWriter } from './archive-writer.ts';
import type { ExportTarget } from './export-target.ts';
import { openSpool, type Spool } from './spool.ts';
import { TarWriter } from './tar-writer.ts';
import { ZipWriter } from './zip-writer.ts';

const WRITERS = { tar: TarWriter, zip: ZipWriter } as const satisfies Record<ArchiveKind, unknown>;

/**
 * One uncompressed archive. A file in it begins with its size, so one that grows while others are written waits in a temporary file until it is
 * closed; pictures and masks go straight through.
 * @param append takes the archive's bytes, in order
 */
export function archiveTarget(kind: ArchiveKind, append: (bytes: Uint8Array) => Promise<void>): ExportTarget {
  const archive: ArchiveWriter = new WRITERS[kind](append);
  const spools = new Set<Spool>();
  return {
    write: (path, bytes) => archive.add(path, bytes),
    async open(path) {
      const spool = await openSpool();
      spools.add(spool);
      return {
        append: (content) => spool.append(content),
        async close() {
          await spool.close();
          await archive.add(path, spool);
          spools.delete(spool);
          await spool.remove();
        },
      };
    },
    finish: () => archive.finish(),
    async discard() {
      await archive.discard();
      for (const spool of spools) await spool.remove();
    },
  };
}
