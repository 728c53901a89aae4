import { Worker } from 'node:worker_threads';
import { DatasetGanError } from '../../errors.ts';
import { OWN_COMMAND } from '../../own-command.ts';
import { DatabaseError, fatalError, plainError } from './database-error.ts';
import { Lease } from './lease.ts';
import type { EmbeddedMessage, EmbeddedRequest, EmbeddedWorkerData, PlainError, StatementResult } from './messages.ts';

export interface EmbeddedOptions {
  readonly folder: string;
  /** Longest run of one call, in milliseconds, before the database is taken for stuck. */
  readonly queryTimeout: number;
  /** Told once, when the database has stopped by itself and this process can no longer work. */
  readonly onFatal: (error: DatasetGanError) => void;
}

/** The one session of the embedded database, lent to one borrower at a time. */
export interface EmbeddedSession {
  query(sql: string, parameters?: readonly unknown[]): Promise<StatementResult>;
  /** Several statements, without parameters. */
  exec(sql: string): Promise<StatementResult[]>;
  release(): void;
}

type Pending = { resolve: (results: readonly StatementResult[]) => void; reject: (error: Error) => void; timer: NodeJS.Timeout };

const OPEN_TIMEOUT_MS = 120_000;
const CLOSE_TIMEOUT_MS = 10_000;

/**
 * The embedded PostgreSQL (PGlite), in its own thread because it blocks while it works. A watchdog ends it when a call takes too
 * long, when the disk is full or when the thread dies: from then on every call is refused with the same error.
 */
export class EmbeddedDatabase {
  readonly folder: string;
  /** Files synced by one commit when it was opened. */
  readonly fsyncs: number;
  readonly #worker: Worker;
  readonly #options: EmbeddedOptions;
  readonly #lease = new Lease();
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<string, Set<(payload: string) => void>>();
  #lastId = 0;
  #stopped: DatasetGanError | undefined;

  private constructor(worker: Worker, options: EmbeddedOptions, fsyncs: number) {
    this.#worker = worker;
    this.#options = options;
    this.folder = options.folder;
    this.fsyncs = fsyncs;
    ignore(worker);
    worker.on('message', (message: EmbeddedMessage) => this.#receive(message));
    worker.on('error', (error) => this.#fail(threadDied(options.folder, error)));
    worker.on('exit', () => this.#fail(threadDied(options.folder, undefined)));
  }

  /**
   * Opens (and if it is empty, makes) the database in a folder that exists and is not used by anyone else.
   * @throws DatasetGanError `disk-full`, `database-down`
   */
  static async open(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
    const data: EmbeddedWorkerData = { folder: options.folder };
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: data, name: 'database' });
    try {
      const fsyncs = await ready(worker, options.folder);
      if (fsyncs === 0) {
        throw new DatasetGanError('database-down', `The database in ${options.folder} does not sync its files to the disk.`, {
          fix: 'Set DATABASE_URL to a PostgreSQL server. Please report this with your operating system and Node version.',
        });
      }
      return new EmbeddedDatabase(worker, options, fsyncs);
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }

  /** Waits until no one else holds the session. */
  async session(): Promise<EmbeddedSession> {
    const release = await this.#borrow();
    return {
      release,
      query: async (sql, parameters = []) =>
        (await this.#call({ kind: 'query', sql, parameters }))[0] ?? { rows: [], affected: 0 },
      exec: async (sql) => [...(await this.#call({ kind: 'exec', sql }))],
    };
  }

  /** One statement in a session of its own. */
  async query(sql: string, parameters: readonly unknown[] = []): Promise<StatementResult> {
    const session = await this.session();
    try {
      return await session.query(sql, parameters);
    } finally {
      session.release();
    }
  }

  /** Several statements in a session of their own. A transaction they leave open is rolled back. */
  async exec(sql: string): Promise<StatementResult[]> {
    const session = await this.session();
    try {
      return await session.exec(sql);
    } catch (error) {
      await session.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      session.release();
    }
  }

  /** Calls back for every NOTIFY on the channel. Gives the function that ends it. */
  async listen(channel: string, onNotification: (payload: string) => void): Promise<() => Promise<void>> {
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(onNotification));
    if (listeners.size === 1) await this.query(`LISTEN ${quoted(channel)}`);
    return async () => {
      listeners.delete(onNotification);
      if (listeners.size > 0 || this.#stopped !== undefined) return;
      this.#listeners.delete(channel);
      await this.query(`UNLISTEN ${quoted(channel)}`);
    };
  }

  /**
   * Ends the database in order, after the calls before it; without further ado (which is safe, too) when one of them does not let go.
   * Does nothing when it has already stopped.
   */
  async close(): Promise<void> {
    if (this.#stopped !== undefined) return;
    try {
      await this.#lease.acquire(CLOSE_TIMEOUT_MS, () => new Error('The database is in use.'));
      await this.#call({ kind: 'close' });
    } catch {
      // Committed work is on the disk; the next start replays the log.
    }
    this.#stop(new DatasetGanError('shutting-down', 'The database is closed.'));
    await this.#worker.terminate();
  }

  #borrow(): Promise<() => void> {
    const patience = 1.5 * this.#options.queryTimeout;
    return this.#lease.acquire(patience, () => {
      const message = `One transaction blocked the database for more than ${patience / 1000} s.`;
      return new DatasetGanError('database-down', message, { fix: 'Try again. If it happens again, please report it.' });
    });
  }

  #call(call: EmbeddedRequest['call']): Promise<readonly StatementResult[]> {
    if (this.#stopped !== undefined) return Promise.reject(this.#stopped);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(stuck(this.#options)), this.#options.queryTimeout);
      this.#pending.set(id, { resolve, reject, timer });
      const request: EmbeddedRequest = { id, call };
      this.#worker.postMessage(request);
    });
  }

  #receive(message: EmbeddedMessage): void {
    if (message.kind === 'notification') {
      for (const listener of this.#listeners.get(message.channel) ?? []) listener(message.payload);
    } else if (message.kind === 'results') {
      this.#settle(message.id)?.resolve(message.results);
    } else if (message.kind === 'error') {
      const fatal = fatalError(message.error, this.folder);
      this.#settle(message.id)?.reject(fatal ?? new DatabaseError(message.error));
      if (fatal !== undefined) this.#fail(fatal);
    }
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    clearTimeout(pending?.timer);
    return pending;
  }

  #stop(error: DatasetGanError): void {
    this.#stopped ??= error;
    ignore(this.#worker);
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(error);
  }

  #fail(error: DatasetGanError): void {
    if (this.#stopped !== undefined) return;
    this.#stop(error);
    void this.#worker.terminate().then(() => this.#options.onFatal(error));
  }
}

/** Not all listeners at once: that takes away the ones by which the worker itself works. */
function ignore(worker: Worker): void {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
}

async function ready(worker: Worker, folder: string): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<number>((resolve, reject) => {
      timer = setTimeout(
        () => reject(cannotOpen(folder, { message: `no answer in ${OPEN_TIMEOUT_MS / 1000} s` })),
        OPEN_TIMEOUT_MS,
      );
      worker.on('message', (message: EmbeddedMessage) => {
        if (message.kind === 'ready') resolve(message.fsyncs);
        else if (message.kind === 'failed') reject(fatalError(message.error, folder) ?? cannotOpen(folder, message.error));
      });
      worker.on('error', (thrown) => {
        const error = plainError(thrown);
        reject(fatalError(error, folder) ?? cannotOpen(folder, error));
      });
      worker.on('exit', (code) => reject(cannotOpen(folder, { message: `its thread ended with code ${code}` })));
    });
  } finally {
    clearTimeout(timer);
  }
}

function cannotOpen(folder: string, error: PlainError): DatasetGanError {
  return new DatasetGanError('database-down', `The database in ${folder} cannot be opened: ${error.message}`, {
    fix: `Check that the folder is readable, writable and on a local disk with free space. If it is damaged, run ${OWN_COMMAND} restore FILE, with DATA_DIR set to an empty folder.`,
  });
}

function stuck({ folder, queryTimeout }: EmbeddedOptions): DatasetGanError {
  return new DatasetGanError('database-down', `The database in ${folder} did not answer within ${queryTimeout / 1000} s.`, {
    fix: 'Check the free space and the health of the disk, then start again. No saved data is lost.',
  });
}

function threadDied(folder: string, cause: unknown): DatasetGanError {
  const error = cause === undefined ? undefined : plainError(cause);
  const reason = error === undefined ? '' : `: ${error.message}`;
  const fatal = error && fatalError(error, folder);
  return (
    fatal ??
    new DatasetGanError('database-down', `The database in ${folder} stopped unexpectedly${reason}.`, {
      fix: 'Start again. No saved data is lost.',
      cause,
    })
  );
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
