import type { Spool } from './spool.ts';

/** Writes files into an archive, one after the other; equal content gives equal bytes. */
export interface ArchiveWriter {
  add(name: string, content: Uint8Array | Spool): Promise<void>;
  finish(): Promise<void>;
  /** Ends it where it is. */
  discard(): Promise<void>;
}
