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
    `With ${setting} set, DATA_DIR does not hold all state, so a backup of it would be incomplete.`,
    {
      fix: 'Stop the server. Back up DATABASE_URL with pg_dump and STORAGE_URL with a copy or versions of the bucket. Then copy versions, generators and datasets of DATA_DIR.',
    },
  );
}
