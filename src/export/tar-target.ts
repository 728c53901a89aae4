import type { ExportTarget } from './export-target.ts';
import { openSpool, type Spool } from './spool.ts';
import { TarWriter } from './tar-writer.ts';

/**
 * One uncompressed tar. A file of a tar begins with its size, so one that grows while others are written waits in a temporary file until it is
 * closed; pictures and masks go straight through.
 * @param append takes the archive's bytes, in order
 */
export function tarTarget(append: (bytes: Uint8Array) => Promise<void>): ExportTarget {
  const tar = new TarWriter(append);
  const spools = new Set<Spool>();
  return {
    write: (path, bytes) => tar.add(path, bytes.byteLength, bytes),
    async open(path) {
      const spool = await openSpool();
      spools.add(spool);
      return {
        append: (content) => spool.append(content),
        async close() {
          await spool.close();
          await tar.add(path, spool.size, spool.read());
          spools.delete(spool);
          await spool.remove();
        },
      };
    },
    finish: () => tar.finish(),
    async discard() {
      tar.destroy();
      for (const spool of spools) await spool.remove();
    },
  };
}
