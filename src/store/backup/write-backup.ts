import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { lstat, open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Pack, pack } from 'tar-stream';
import { fieldOf } from '../../thrown.ts';
import { BACKUP_FORMAT, type BackupManifest, CHECKSUMS, KEPT, MANIFEST, POSTGRES } from './backup-contents.ts';

export interface BackupSource {
  readonly dataDir: string;
  /** A folder with the files of its database, to which nobody writes. */
  readonly postgres: string;
}

/**
 * Writes the state of a data folder as one tar, as it is read: a manifest, folders and files, and last their checksums. The database was copied
 * before: files are written before the rows that name them, so that every row finds its own. What vanishes in between is left out.
 * @param append takes the bytes in order; it is waited for
 */
export async function writeBackup(
  { dataDir, postgres }: BackupSource,
  append: (bytes: Uint8Array) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const tar = pack();
  const filling = fill(tar, { dataDir, postgres }, signal).catch((error: Error) => tar.destroy(error));
  for await (const bytes of tar as AsyncIterable<Uint8Array>) await append(bytes);
  await filling;
}

async function fill(tar: Pack, { dataDir, postgres }: BackupSource, signal: AbortSignal): Promise<void> {
  const sums: string[] = [];
  const closed = new Promise((resolve) => tar.once('close', () => resolve(undefined)));
  const manifest: BackupManifest = { format: BACKUP_FORMAT, madeAt: new Date().toISOString(), dataDir: asInPaths(dataDir) };
  const text = (name: string, content: string) => tar.entry({ name, mode: 0o600 }, content);
  const json = `${JSON.stringify(manifest, null, 1)}\n`;
  text(MANIFEST, json);
  sums.push(`${createHash('sha256').update(json).digest('hex')}  ${MANIFEST}`);
  for (const name of KEPT)
    for await (const found of everything(name === POSTGRES ? postgres : join(dataDir, name), name)) {
      signal.throwIfAborted();
      if (found.isFolder) tar.entry({ name: `${found.name}/`, type: 'directory', mode: 0o700 });
      else {
        const sum = await addFile(tar, found, closed);
        if (sum !== undefined) sums.push(`${sum}  ${found.name}`);
      }
    }
  text(CHECKSUMS, `${sums.join('\n')}\n`);
  tar.finalize();
}

/** `./data/` as paths in it begin: `data`. */
const asInPaths = (folder: string) => dirname(join(folder, 'x'));

interface Found {
  readonly path: string;
  readonly name: string;
  readonly isFolder: boolean;
}

/** A file or a folder with all that is in it; without names that begin with a dot, which are being written or removed. */
async function* everything(path: string, name: string): AsyncGenerator<Found> {
  const found = await lstat(path).catch(unlessMissing);
  if (found === undefined || !(found.isDirectory() || found.isFile())) return;
  yield { path, name, isFolder: found.isDirectory() };
  if (!found.isDirectory()) return;
  const entries = (await readdir(path).catch(unlessMissing)) ?? [];
  for (const entry of entries.sort()) if (!entry.startsWith('.')) yield* everything(join(path, entry), `${name}/${entry}`);
}

/** Gives the sha256 of what was added; undefined when the file is gone. */
async function addFile(tar: Pack, { path, name }: Found, closed: Promise<unknown>): Promise<string | undefined> {
  const file = await open(path).catch(unlessMissing);
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    const hash = createHash('sha256');
    const entry = tar.entry({ name, size, mode: 0o600, mtime: new Date(0) });
    // A file that grows is as long as it was.
    if (size > 0)
      for await (const bytes of file.createReadStream({ end: size - 1, autoClose: false }) as AsyncIterable<Uint8Array>) {
        hash.update(bytes);
        if (!entry.write(bytes)) await Promise.race([once(entry, 'drain'), closed]);
        if (tar.destroyed) throw new Error('the reader of the backup has gone');
      }
    entry.end(null);
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}

function unlessMissing(thrown: unknown): undefined {
  const code = fieldOf(thrown, 'code');
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw thrown;
  return undefined;
}
