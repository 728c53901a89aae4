import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Syncs a file, or a folder with all that is in it, to the disk; not `deep`: a folder's own entries only. */
export async function syncTree(path: string, deep = true): Promise<void> {
  const names = deep && (await stat(path)).isDirectory() ? await readdir(path) : [];
  for (const name of names) await syncTree(join(path, name));
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
