import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Settings } from '../../settings.ts';
import { FolderStorage } from './folder-storage.ts';
import type { Storage } from './storage.ts';

/**
 * The storage that the settings name, by default a folder in DATA_DIR. A shared one is tried out, so that a wrong key or a missing bucket shows now.
 * @throws DatasetGanError `bad-settings`, `storage-down`, `disk-full`
 */
export async function openStorage({ dataDir, storage: place }: Pick<Settings, 'dataDir' | 'storage'>): Promise<Storage> {
  if (place === null) return await new FolderStorage(join(dataDir, 'storage'), false).prepare();
  const storage = place.kind === 'folder' ? await new FolderStorage(place.folder, true).prepare() : await openS3(place);
  await tryOut(storage);
  return storage;
}

/** The client library is large and only loaded where it is needed. */
async function openS3(place: Extract<NonNullable<Settings['storage']>, { kind: 's3' }>): Promise<Storage> {
  const { S3Storage } = await import('./s3-storage.ts');
  return new S3Storage(place);
}

async function tryOut(storage: Storage): Promise<void> {
  const key = `tries/${randomUUID()}`;
  await storage.put(key, new TextEncoder().encode('datasetgan'));
  await storage.get(key);
  await storage.delete(key);
}
