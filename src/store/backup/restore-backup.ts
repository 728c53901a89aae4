import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { z } from 'zod';
import { DatasetGanError } from '../../errors.ts';
import { makeFolders, PRIVATE } from '../../make-folders.ts';
import { OWN_COMMAND } from '../../own-command.ts';
import { syncTree } from '../../sync-tree.ts';
import { databaseProblem } from '../database-problem.ts';
import { EmbeddedDatabase } from '../embedded/embedded-database.ts';
import { EMBEDDED_POSTGRES_MAJOR } from '../embedded/prepare-folder.ts';
import { isLockFile, lockFolder } from '../folder-lock.ts';
import { folderProblem } from '../folder-problem.ts';
import { MIGRATION_TABLE, SCHEMA } from '../migrate.ts';
import { MIGRATIONS } from '../migrations/index.ts';
import { BACKUP_FORMAT, CHECKSUMS, KEPT, MANIFEST, POSTGRES } from './backup-contents.ts';

const STAGING = '.restoring';
const QUERY_TIMEOUT_MS = 60_000;

const manifestSchema = z.object({ format: z.number(), madeAt: z.string(), dataDir: z.string() });

/**
 * Restores a backup into a data folder that is empty or not there. All of it is unpacked, checked against its checksums and opened aside
 * first, so that a damaged file leaves the folder as it was.
 * @returns number of files, and when the backup was made (ISO time)
 * @throws DatasetGanError `bad-request` when the folder is not empty, `not-found`, `corrupt-file` for a file that is not a backup, or damaged; `wrong-release`,
 *   `data-folder-version`, `data-folder-locked`, `bad-settings`, `disk-full`
 */
export async function restoreBackup(
  file: string,
  dataDir: string,
  onFile: (files: number) => void = () => undefined,
): Promise<{ readonly files: number; readonly madeAt: string }> {
  const unlock = lockFolder(dataDir);
  const staging = join(dataDir, STAGING);
  try {
    await requireEmpty(dataDir);
    await makeFolders(staging, PRIVATE);
    const sums = await unpack(file, staging, onFile);
    const manifest = await readManifest(staging, sums);
    await adopt(join(staging, POSTGRES), manifest.dataDir, dirname(join(dataDir, 'x')));
    await syncTree(staging);
    // The database is what makes it a data folder: last.
    for (const name of [...KEPT].reverse()) await rename(join(staging, name), join(dataDir, name)).catch(unlessMissing);
    await rm(staging, { recursive: true, force: true });
    await syncTree(dataDir, false);
    return { files: sums.size, madeAt: manifest.madeAt };
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    if (error instanceof DatasetGanError) throw error;
    throw folderProblem(dataDir, error);
  } finally {
    unlock();
  }
}

async function requireEmpty(dataDir: string): Promise<void> {
  const there = (await readdir(dataDir)).filter((name) => !isLockFile(name));
  if (there.length === 0) return;
  throw new DatasetGanError('bad-request', `The data folder ${dataDir} is not empty: it has ${there.slice(0, 5).join(', ')}.`, {
    fix: 'Set DATA_DIR to a new folder, or move this one.',
  });
}

/** Gives the sha256 of every file, by name; checked. */
async function unpack(file: string, staging: string, onFile: (files: number) => void): Promise<Map<string, string>> {
  const sums = new Map<string, string>();
  let told: string | undefined;
  const source = createReadStream(file);
  const tar = extract();
  // Either fails with the other; the loop tells of it.
  const feeding = pipeline(source, tar).catch(() => undefined);
  try {
    for await (const entry of tar) {
      const { type } = entry.header;
      const name = entry.header.name.replace(/\/$/, '');
      if (name === CHECKSUMS) told = Buffer.concat(await Array.fromAsync(entry as AsyncIterable<Uint8Array>)).toString('utf8');
      else if (!isOurs(name) || (type !== 'file' && type !== 'directory'))
        throw noBackup(file, `it contains ${name.slice(0, 100)}`);
      else if (type === 'directory') {
        await makeFolders(join(staging, name), PRIVATE);
        entry.resume();
      } else {
        await makeFolders(dirname(join(staging, name)), PRIVATE);
        sums.set(name, await writeFile(join(staging, name), entry as AsyncIterable<Uint8Array>));
        onFile(sums.size);
      }
    }
  } catch (cause) {
    source.destroy();
    if (cause instanceof DatasetGanError) throw cause;
    const code = String((cause as NodeJS.ErrnoException).code);
    if (code === 'ENOENT' || code === 'EACCES')
      throw new DatasetGanError('not-found', `${file} cannot be read (${code}).`, {
        fix: 'Use the path of a backup file.',
        cause,
      });
    if (['ENOSPC', 'EDQUOT', 'EROFS'].includes(code)) throw cause;
    throw noBackup(file, (cause as Error).message, cause);
  }
  await feeding;
  if (told === undefined) throw noBackup(file, 'it ends too early');
  const lines = [...sums].map(([name, sum]) => `${sum}  ${name}`).sort();
  if (told.trim().split('\n').sort().join('\n') !== lines.join('\n'))
    throw noBackup(file, 'its checksums do not match its files');
  return sums;
}

async function writeFile(path: string, content: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(
    content,
    async function* (bytes: AsyncIterable<Uint8Array>) {
      for await (const chunk of bytes) {
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(path, { flags: 'wx', mode: 0o600 }),
  );
  return hash.digest('hex');
}

/** Within one of the folders that a backup has. */
function isOurs(name: string): boolean {
  const parts = name.split('/');
  if (parts.some((part) => part === '' || part.startsWith('.') || part.includes('\\'))) return false;
  return name === MANIFEST || (KEPT as readonly string[]).includes(parts[0]!);
}

async function readManifest(staging: string, sums: ReadonlyMap<string, string>) {
  const text = sums.has(MANIFEST) ? await readFile(join(staging, MANIFEST), 'utf8') : 'null';
  const { data } = manifestSchema.safeParse(JSON.parse(text));
  if (data === undefined) throw noBackup('The file', 'it has no description of the backup');
  if (data.format !== BACKUP_FORMAT)
    throw new DatasetGanError(
      'wrong-release',
      `The backup has format ${data.format}, but this release reads format ${BACKUP_FORMAT}.`,
      {
        fix: 'Use the newest release.',
      },
    );
  const major = await readFile(join(staging, POSTGRES, 'PG_VERSION'), 'utf8').catch(() => 'none');
  if (major.trim() === EMBEDDED_POSTGRES_MAJOR) return data;
  throw new DatasetGanError(
    'data-folder-version',
    `The backup's database needs PostgreSQL ${major.trim()}, but this release has PostgreSQL ${EMBEDDED_POSTGRES_MAJOR}.`,
    { fix: 'Restore it with the release that made it.' },
  );
}

/** Opens the database once: it must be sound, of a release that we know, and name files where they are now. */
async function adopt(folder: string, before: string, now: string): Promise<void> {
  const place = 'of the backup';
  try {
    const database = await EmbeddedDatabase.open({ folder, queryTimeout: QUERY_TIMEOUT_MS, onFatal: () => undefined });
    try {
      const { rows } = await database.query(`select name from ${SCHEMA}.${MIGRATION_TABLE}`);
      const unknown = rows.map(({ name }) => String(name)).filter((name) => !Object.hasOwn(MIGRATIONS, name));
      if (unknown.length > 0)
        throw new DatasetGanError('wrong-release', `The backup was made by a newer release (it has ${unknown.join(', ')}).`, {
          fix: 'Install that release or a newer one, and restore with it.',
        });
      await database.query(
        `update ${SCHEMA}.datasets set folder = $2 || substr(folder, length($1) + 1) where starts_with(folder, $1 || '/')`,
        [before, now],
      );
    } finally {
      await database.close();
    }
  } catch (cause) {
    throw databaseProblem(cause, place);
  }
}

function noBackup(file: string, reason: string, cause?: unknown): DatasetGanError {
  return new DatasetGanError('corrupt-file', `${file} is not a complete backup: ${reason}.`, {
    fix: `Use another backup. To make one: ${OWN_COMMAND} backup FILE`,
    cause,
  });
}

function unlessMissing(thrown: unknown): void {
  if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
}
