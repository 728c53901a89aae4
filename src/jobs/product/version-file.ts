import { randomUUID } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isError } from '../../errors.ts';
import { isVersionFile, versionLost } from '../../interpreter/versions/version.ts';
import { requireVersion } from '../../store/versions.ts';
import { putInPlace } from '../../write-whole.ts';
import type { VersionFiles } from './contexts.ts';

/*
 * Weights are made on the disk of one machine. They go into a storage that several share, and from there onto the disks of the others. That the
 * database knows a version does not say that its file is there, or whole: whoever builds on it looks.
 */

const versionKey = (id: string) => `versions/${id}.bin`;

/** Files of this machine that were read through and found whole, by what the system says of them: they are read again when that changes. */
const whole = new Map<string, string>();

export interface LookOptions {
  /** Reads the file through, however often that was done: before an order, a training, a swap. Default: only when it has changed. */
  readonly thoroughly?: boolean;
}

/**
 * The file of a version's weights on this machine. Where it is missing or damaged, it is fetched from a shared storage that has it.
 * @throws DatasetGanError `version-lost` when there are no sound weights anywhere, `unknown-version`, `storage-down`
 */
export async function localVersion(place: VersionFiles, id: string, { thoroughly = false }: LookOptions = {}): Promise<string> {
  const file = place.folder.version(id);
  const stamp = await stampOf(file);
  if (!thoroughly && stamp !== undefined && whole.get(file) === stamp) return file;
  const { weights_sha256: weights } = await requireVersion(place.store.db, id);
  const sound = (stamp !== undefined && (await isVersionFile(file, id, weights))) || (await fetchVersion(place, id, weights));
  const now = await stampOf(file);
  if (!sound || now === undefined) {
    whole.delete(file);
    throw versionLost(file);
  }
  whole.set(file, now);
  return file;
}

/** Whether sound weights of the version are on this machine, now if not before. @throws DatasetGanError `unknown-version`, `storage-down` */
export async function hasVersion(place: VersionFiles, id: string): Promise<boolean> {
  try {
    await localVersion(place, id, { thoroughly: true });
    return true;
  } catch (thrown) {
    if (isError(thrown, 'version-lost')) return false;
    throw thrown;
  }
}

/** Makes sure of a version's weights, and makes them readable for every machine; a copy of another size is not a copy of them. @throws as localVersion */
export async function shareVersion(place: VersionFiles, id: string): Promise<void> {
  const { storage } = place;
  const file = await localVersion(place, id, { thoroughly: true });
  if (!storage.shared) return;
  const { size } = await stat(file);
  for await (const { key, bytes } of storage.list('versions')) if (key === versionKey(id) && bytes === size) return;
  await storage.put(versionKey(id), await readFile(file));
}

/**
 * Brings the shared copy here, if it is what the database says. One that is not is removed, so that the machine that has the weights shares them again.
 * The copy need not outlive a power cut: a damaged one is brought again.
 */
async function fetchVersion({ storage, folder }: VersionFiles, id: string, weights: string): Promise<boolean> {
  const key = versionKey(id);
  if (!storage.shared || !(await storage.has(key))) return false;
  const file = folder.version(id);
  const temporary = join(dirname(file), `.${id}.${randomUUID()}.tmp`);
  try {
    await writeFile(temporary, await storage.get(key));
    if (await isVersionFile(temporary, id, weights)) {
      await putInPlace(temporary, file, 'kill');
      return true;
    }
  } finally {
    await rm(temporary, { force: true });
  }
  await storage.delete(key);
  return false;
}

async function stampOf(file: string): Promise<string | undefined> {
  const info = await stat(file).catch(() => undefined);
  return info?.isFile() ? `${info.ino} ${info.size} ${info.mtimeMs} ${info.ctimeMs}` : undefined;
}
