import { DatasetGanError } from '../errors.ts';

/**
 * Adds what `.env` in the working folder says to the environment, for every command alike; what is set already wins.
 * @throws DatasetGanError `bad-settings` when it is there and cannot be read
 */
export function loadEnvironment(file = '.env'): void {
  try {
    process.loadEnvFile(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new DatasetGanError('bad-settings', `${file} cannot be read.`, {
      fix: 'Allow this user to read it, or move it.',
      cause,
    });
  }
}
