import { mkdirSync, statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder, and those above it, where they are missing. Node's own recursive mkdir never ends where the system says that there is no such folder
 * although the one above is there, as /proc does.
 * @throws the system's error for the first folder that cannot be made
 */
export async function makeFolders(path: string): Promise<void> {
  const folder = resolve(path);
  try {
    await mkdir(folder);
  } catch (thrown) {
    if (await isFolder(folder)) return;
    const above = dirname(folder);
    if (!isMissing(thrown) || (await isFolder(above))) throw thrown;
    await makeFolders(above);
    await makeFolders(folder);
  }
}

/** As makeFolders, at once. */
export function makeFoldersSync(path: string): void {
  const folder = resolve(path);
  try {
    mkdirSync(folder);
  } catch (thrown) {
    if (isFolderSync(folder)) return;
    const above = dirname(folder);
    if (!isMissing(thrown) || isFolderSync(above)) throw thrown;
    makeFoldersSync(above);
    makeFoldersSync(folder);
  }
}

const isMissing = (thrown: unknown) => (thrown as NodeJS.ErrnoException).code === 'ENOENT';

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

function isFolderSync(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
