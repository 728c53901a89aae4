import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Syncs a folder to the disk, with all that is in it or (not `deep`) its own entries only. */
export async function syncTree(folder: string, deep = true): Promise<void> {
  for (const entry of deep ? await readdir(folder, { withFileTypes: true }) : []) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await syncTree(path);
    else await syncPath(path);
  }
  await syncPath(folder);
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
