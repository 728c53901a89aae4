import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DatasetGanError } from '../errors.ts';
import { makeFoldersSync, PRIVATE } from '../make-folders.ts';
import { folderProblem } from './folder-problem.ts';

const LOCK_FILE = 'datasetgan.lock';
const OWNER_FILE = 'datasetgan.owner';
const SQLITE_BUSY = 5;

/**
 * Takes a data folder for this process alone. Two databases on one folder destroy it without an error, so the lock is the kernel's
 * (SQLite's exclusive file lock): it goes when the process does, however that ends, and it holds between containers of one host. It
 * does not hold on network file systems.
 * @returns the function that gives the folder back
 * @throws DatasetGanError `data-folder-locked` when another process has it, `bad-settings` or `disk-full` when it cannot be written to
 */
export function lockFolder(folder: string): () => void {
  const lock = openLock(folder);
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    if ((cause as { errcode?: number }).errcode !== SQLITE_BUSY) throw folderProblem(folder, cause);
    throw new DatasetGanError('data-folder-locked', `Another process uses the data folder ${folder}: ${owner(folder)}.`, {
      fix: 'Stop the other server, or set DATA_DIR to another folder.',
      cause,
    });
  }
  try {
    writeFileSync(join(folder, OWNER_FILE), `process ${process.pid} on ${hostname()}, since ${new Date().toISOString()}\n`);
  } catch (cause) {
    lock.close();
    throw folderProblem(folder, cause);
  }
  return () => lock.close();
}

/** @throws DatasetGanError `bad-settings`, `disk-full` */
export function makeFolder(folder: string): void {
  try {
    makeFoldersSync(folder, PRIVATE);
  } catch (cause) {
    throw folderProblem(folder, cause);
  }
}

function openLock(folder: string): DatabaseSync {
  makeFolder(folder);
  try {
    return new DatabaseSync(join(folder, LOCK_FILE), { timeout: 0 });
  } catch (cause) {
    throw folderProblem(folder, cause);
  }
}

/** What taking a folder leaves in it. */
export const isLockFile = (name: string) => name === OWNER_FILE || name.startsWith(LOCK_FILE);

function owner(folder: string): string {
  try {
    return readFileSync(join(folder, OWNER_FILE), 'utf8').trim();
  } catch {
    return 'another process';
  }
}
