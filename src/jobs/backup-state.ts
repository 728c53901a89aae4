import type { Archive } from '../api/backend.ts';
import { DatasetGanError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import { copyDatabase } from '../store/backup/copy-database.ts';
import { writeBackup } from '../store/backup/write-backup.ts';
import type { Product } from './product/product.ts';

/**
 * The whole state of this server as one tar, as of now; work goes on meanwhile.
 * @throws DatasetGanError `wrong-state` where database or large files are kept elsewhere
 */
export function backupState({ settings, store }: Pick<Product, 'settings' | 'store'>): Archive {
  requireOwnState(settings);
  const { engine, dataDir } = store;
  return {
    name: `datasetgan-${new Date().toISOString().slice(0, 10)}.tar`,
    async write(append, signal) {
      if (engine.kind !== 'embedded') throw elsewhere('DATABASE_URL');
      const copy = await copyDatabase(engine.database, dataDir);
      try {
        await writeBackup({ dataDir, postgres: copy.folder }, append, signal);
      } finally {
        await copy.remove();
      }
    },
  };
}

/** @throws DatasetGanError `wrong-state` unless everything is in DATA_DIR */
export function requireOwnState({ databaseUrl, storage }: Pick<Settings, 'databaseUrl' | 'storage'>): void {
  if (databaseUrl !== null) throw elsewhere('DATABASE_URL');
  if (storage !== null) throw elsewhere('STORAGE_URL');
}

function elsewhere(setting: string): DatasetGanError {
  return new DatasetGanError(
    'wrong-state',
    `With ${setting} set, the state is not in DATA_DIR alone, and a backup of it would not be whole.`,
    {
      fix: 'Stop the server. Use pg_dump for DATABASE_URL, versioning or a copy of the bucket for STORAGE_URL, and copy versions, generators and datasets of DATA_DIR.',
    },
  );
}
