import { closeSync, fsyncSync, openSync } from 'node:fs';
import type { PGlite, PGliteOptions } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** The parts of Emscripten's NODEFS that we replace or call; its published types leave them out. */
interface NodeFsStream {
  /** The operating system's file descriptor; absent for a folder. */
  readonly nfd?: number;
  readonly node: unknown;
}
interface NodeFsInternals {
  readonly stream_ops: { fsync?: (stream: NodeFsStream) => number };
  realPath(node: unknown): string;
}

type InitOptions = Parameters<NodeFS['init']>[1];

/**
 * The folder file system of PGlite, with an fsync that reaches the disk. Emscripten's has none, so that a commit would survive the
 * end of the process but not a power cut (PGlite issue 1107). Folders are synced too: PostgreSQL does so after a rename.
 */
export class DurableNodeFS extends NodeFS {
  /** fsync calls so far. */
  fsyncs = 0;

  override async init(pg: PGlite, options: InitOptions): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pg, options);
    const preRun = [
      ...(emscriptenOpts.preRun ?? []),
      (module: { NODEFS: unknown }) => {
        const nodeFs = module.NODEFS as NodeFsInternals;
        nodeFs.stream_ops.fsync = (stream) => {
          this.fsyncs++;
          if (stream.nfd === undefined) syncPath(nodeFs.realPath(stream.node));
          else fsyncSync(stream.nfd);
          return 0;
        };
      },
    ];
    return { emscriptenOpts: { ...emscriptenOpts, preRun } };
  }
}

function syncPath(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Memory is kept small (a re-open takes 240 MB instead of 400 MB) and the log short. `-F`, PGlite's "never sync", is taken out.
 */
export function startParameters(defaults: readonly string[]): NonNullable<PGliteOptions['startParams']> {
  const settings = [
    'fsync=on',
    // The only method that PostgreSQL carries out by fsync(2), which is the call that we replace.
    'wal_sync_method=fsync',
    'shared_buffers=8MB',
    'max_wal_size=64MB',
    'min_wal_size=32MB',
    'jit=off',
  ];
  return [...defaults.filter((parameter) => parameter !== '-F'), ...settings.flatMap((setting) => ['-c', setting])];
}
