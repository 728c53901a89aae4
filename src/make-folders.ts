import { mkdirSync, statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Mode of a folder for its owner alone. */
export const PRIVATE = 0o700;

/** Others may make or remove the folder above at the same time. */
const TRIES = 3;

/**
 * Makes a folder, and those above it, where they are missing. Node's own recursive mkdir never ends where the system says that there is no such folder
 * although the one above is there, as /proc does.
 * @param mode of those that are made; what the process usually gives when left out
 * @throws the system's error for the first folder that cannot be made
 */
export async function makeFolders(path: string, mode?: number): Promise<void> {
  const folder = resolve(path);
  for (let tries = 1; ; tries++) {
    try {
      await mkdir(folder, { mode });
      return;
    } catch (thrown) {
      if (await isFolder(folder)) return;
      if (!isMissing(thrown) || tries === TRIES) throw thrown;
      await makeFolders(dirname(folder), mode);
    }
  }
}

/** As makeFolders, at once. */
export function makeFoldersSync(path: string, mode?: number): void {
  const folder = resolve(path);
  for (let tries = 1; ; tries++) {
    try {
      mkdirSync(folder, { mode });
      return;
    } catch (thrown) {
      if (isFolderSync(folder)) return;
      if (!isMissing(thrown) || tries === TRIES) throw thrown;
      makeFoldersSync(dirname(folder), mode);
    }
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
