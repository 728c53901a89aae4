import { requireOwnState } from '../jobs/backup-state.ts';
import { OWN_COMMAND } from '../own-command.ts';
import { readSettings } from '../settings.ts';
import { restoreBackup } from '../store/backup/restore-backup.ts';
import { Progress } from './progress.ts';

/** `datasetgan restore FILE`: makes DATA_DIR, which must be empty, what it was when the backup was made. */
export async function restoreCommand(file: string): Promise<number> {
  const settings = readSettings(process.env);
  requireOwnState(settings);
  const line = new Progress();
  const { files, madeAt } = await restoreBackup(file, settings.dataDir, (done) => line.show(`restore  ${done} files`)).finally(
    () => line.end(),
  );
  process.stdout.write(`${files} files of ${madeAt} are restored into ${settings.dataDir}.\n→ ${OWN_COMMAND} serve\n`);
  return 0;
}
