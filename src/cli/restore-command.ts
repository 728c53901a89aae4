import { requireOwnState } from '../jobs/backup-state.ts';
import { readSettings } from '../settings.ts';
import { restoreBackup } from '../store/backup/restore-backup.ts';
import { parseArguments } from './arguments.ts';
import { ProgressLine } from './progress-line.ts';

/** `datasetgan restore FILE`: makes DATA_DIR, which must be empty, what it was when the backup was made. */
export async function restoreCommand(args: readonly string[]): Promise<number> {
  const { first: file } = parseArguments(args, 'file', []);
  const settings = readSettings(process.env);
  requireOwnState(settings);
  const line = new ProgressLine();
  const { files, madeAt } = await restoreBackup(file, settings.dataDir, (done) => line.show(`restore  ${done} files`)).finally(
    () => line.end(),
  );
  process.stdout.write(`${files} files of ${madeAt} are in ${settings.dataDir} again.\n→ datasetgan serve\n`);
  return 0;
}
