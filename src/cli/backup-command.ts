import { access } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { DatasetGanError, isError, toError } from '../errors.ts';
import { requireOwnState } from '../jobs/backup-state.ts';
import { OWN_COMMAND } from '../own-command.ts';
import { readSettings, type Settings } from '../settings.ts';
import { writeBackup } from '../store/backup/write-backup.ts';
import { postgresFolder } from '../store/embedded/prepare-folder.ts';
import { lockFolder } from '../store/folder-lock.ts';
import { writeFileWhole } from '../write-whole.ts';
import { localClient } from './local-client.ts';
import { Progress } from './progress.ts';
import { stopSignal } from './stop-signal.ts';

/** `datasetgan backup FILE`: the whole state in DATA_DIR as one file that outlives a power cut, whether its server runs or not. */
export async function backupCommand(file: string): Promise<number> {
  const settings = readSettings(process.env);
  requireOwnState(settings);
  if (await exists(file))
    throw new DatasetGanError('bad-request', `${file} already exists.`, { fix: 'Choose another name for the backup.' });
  const stop = stopSignal();
  const line = new Progress();
  let bytes = 0;
  const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      line.show(`backup  ${Math.ceil(bytes / 1e6)} MB`);
      yield chunk;
    }
  };
  try {
    const unlock = lockUnlessServed(settings.dataDir);
    const content =
      unlock === undefined
        ? addAbortSignal(stop.signal, await localClient(settings).stream('/api/backup'))
        : here(settings, stop.signal, unlock);
    // Its owner alone may read it: it holds tokens.
    await writeFileWhole(file, counted(content), { outlives: 'power-cut', mode: 0o600 });
  } catch (error) {
    throw stop.signal.aborted ? toError(stop.signal.reason) : error;
  } finally {
    line.end();
    stop.dispose();
  }
  process.stdout.write(
    `${Math.ceil(bytes / 1e6)} MB in ${file}. It contains tokens: keep it as safe as DATA_DIR.\n→ DATA_DIR=NEW_FOLDER ${OWN_COMMAND} restore ${file}\n`,
  );
  return 0;
}

/** Undefined when a server has the folder. */
function lockUnlessServed(dataDir: string): (() => void) | undefined {
  try {
    return lockFolder(dataDir);
  } catch (error) {
    if (isError(error, 'data-folder-locked')) return undefined;
    throw error;
  }
}

/** The backup of a folder that nobody uses. */
async function* here({ dataDir }: Settings, signal: AbortSignal, unlock: () => void): AsyncGenerator<Uint8Array> {
  try {
    const postgres = postgresFolder(dataDir);
    if (!(await exists(postgres)))
      throw new DatasetGanError('not-found', `${dataDir} has nothing to back up.`, {
        fix: 'Set DATA_DIR to the folder of your server.',
      });
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const writing = writeBackup({ dataDir, postgres }, (bytes) => writer.write(bytes), signal).then(
      () => writer.close(),
      (error: unknown) => writer.abort(error),
    );
    yield* readable;
    await writing;
  } finally {
    unlock();
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
