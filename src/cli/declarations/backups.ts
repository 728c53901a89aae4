import type { Command } from 'commander';
import type { Runner } from './runner.ts';

/** The whole state in one file, and back. */
export function declareBackups(root: Command, run: Runner): void {
  root
    .command('backup')
    .summary('save all of DATA_DIR in one file')
    .description('Save all of DATA_DIR in one file, while the server runs or not. The file holds tokens: keep it safe.')
    .argument('<FILE>', 'file to write')
    .action(run(async (file: string) => (await import('../backup-command.ts')).backupCommand(file)));

  root
    .command('restore')
    .summary('restore a backup into DATA_DIR')
    .description('Restore a backup into DATA_DIR, which must be empty.')
    .argument('<FILE>', 'the backup')
    .action(run(async (file: string) => (await import('../restore-command.ts')).restoreCommand(file)));
}
