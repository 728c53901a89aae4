import { pack } from 'tar-stream';
import type { ArchiveWriter } from './archive-writer.ts';
import type { Spool } from './spool.ts';

/** Files in an uncompressed tar, without times and owners: equal content gives equal bytes. */
export class TarWriter implements ArchiveWriter {
  readonly #pack = pack();
  readonly #pumped: Promise<void>;

  /** @param append takes the archive's bytes, in order; it is waited for */
  constructor(append: (bytes: Uint8Array) => Promise<void>) {
    const pump = async () => {
      for await (const chunk of this.#pack) await append(chunk as Uint8Array);
    };
    this.#pumped = pump();
    // Told by add and finish.
    this.#pumped.catch(() => undefined);
  }

  async add(name: string, content: Uint8Array | Spool): Promise<void> {
    const size = content instanceof Uint8Array ? content.byteLength : content.size;
    await this.#requireOpen();
    const written = new Promise<void>((resolve, reject) => {
      const entry = this.#pack.entry({ name, size, mode: 0o644, mtime: new Date(0) }, (error) =>
        error === undefined || error === null ? resolve() : reject(error),
      );
      const write = async () => {
        for await (const chunk of content instanceof Uint8Array ? [content] : content.read())
          if (!entry.write(chunk)) await new Promise((go) => entry.once('drain', go as () => void));
        entry.end(null);
      };
      write().catch(reject);
    });
    // Only a failed pump ends early.
    await Promise.race([written, this.#pumped]);
  }

  async finish(): Promise<void> {
    await this.#requireOpen();
    this.#pack.finalize();
    await this.#pumped;
  }

  /** Throws what `append` threw, rather than that the archive is closed. */
  async #requireOpen(): Promise<void> {
    if (this.#pack.destroyed) await this.#pumped;
  }

  async discard(): Promise<void> {
    this.#pack.destroy();
  }
}
