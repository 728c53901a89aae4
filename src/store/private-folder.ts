import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fieldOf } from '../thrown.ts';
import { makeFolder } from './folder-lock.ts';

/** What we make in a data folder. */
const OURS =
  /^(?:versions|annotations|checkpoints|features|datasets|generators|beside-generators|backbones|photos|uploads|storage|demo|postgres(?:\..*)?|api-token|running\.json|datasetgan\..*)$/;
const OTHERS = 0o077;
/** Many users make files in such a folder (/tmp), each their own. */
const STICKY = 0o1000;

/**
 * Makes the folder of everything that is kept, for its owner alone: pictures, annotations, and the secret of our webhooks are in it. One of an earlier
 * release is closed to other users; where it holds other things too, only what is ours is. Does nothing on systems without such permissions.
 * @returns paths that other users could open until now
 * @throws DatasetGanError `bad-settings` when it cannot be created
 */
export function privateFolder(folder: string): string[] {
  makeFolder(folder);
  const entries = readdirSync(folder);
  const alone = entries.every((name) => OURS.test(name)) && (statSync(folder).mode & STICKY) === 0;
  const paths = alone ? [folder] : entries.filter((name) => OURS.test(name)).map((name) => join(folder, name));
  return paths.filter(close);
}

/** Whether it was open, and no longer is. What belongs to another user, or is on a read-only disk, stays as it is. */
function close(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || (found.mode & OTHERS) === 0 || found.uid !== process.getuid?.()) return false;
  try {
    chmodSync(path, found.mode & 0o700);
    return true;
  } catch (error) {
    if (fieldOf(error, 'code') === 'EROFS') return false;
    throw error;
  }
}
