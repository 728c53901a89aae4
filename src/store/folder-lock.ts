import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DatasetGanError } from '../errors.ts';

const LOCK_FILE = 'datasetgan.lock';
const OWNER_FILE = 'datasetgan.owner';

/**
 * Takes a data folder for this process alone. Two databases on one folder destroy it without an error, so the lock is the kernel's
 * (SQLite's exclusive file lock): it goes when the process does, however that ends, and it holds between containers of one host. It
 * does not hold on network file systems.
 * @returns the function that gives the folder back
 * @throws DatasetGanError `data-folder-locked` when another process has it
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const lock = new DatabaseSync(join(folder, LOCK_FILE), { timeout: 0 });
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new DatasetGanError('data-folder-locked', `The data folder ${folder} is in use by ${owner(folder)}.`, {
      fix: 'Stop the other server, or set DATA_DIR to another folder.',
      cause,
    });
  }
  writeFileSync(join(folder, OWNER_FILE), `process ${process.pid} on ${hostname()}, since ${new Date().toISOString()}\n`);
  return () => lock.close();
}

function owner(folder: string): string {
  try {
    return readFileSync(join(folder, OWNER_FILE), 'utf8').trim();
  } catch {
    return 'another process';
  }
}
