import { execFile, execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const ROOT = resolve(import.meta.dirname, '../../..');

/** A PostgreSQL of the bench's own, and a folder for everything else. */
export interface BenchServices {
  readonly folder: string;
  /** A new empty database. */
  database(name: string): Promise<string>;
  /** Transactions committed in a database since it was made. */
  transactions(databaseUrl: string): Promise<number>;
  /** CPU seconds of all of the PostgreSQL's processes so far; NaN where /proc does not tell. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

export async function startServices(): Promise<BenchServices> {
  const folder = await mkdtemp(join(tmpdir(), 'datasetgan-bench-'));
  // PostgreSQL runs as another user when this one is root.
  await chmod(folder, 0o755);
  const script = join(ROOT, '.ci/postgres.sh');
  const { stdout } = await promisify(execFile)(script, ['start', folder]);
  const server = stdout.trim();
  const query = async <T extends object>(url: string, text: string, values: readonly string[] = []): Promise<T[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<T>(text, [...values])).rows;
    } finally {
      await client.end();
    }
  };
  return {
    folder,
    async database(name) {
      await query(server, `create database ${name}`);
      return Object.assign(new URL(server), { pathname: `/${name}` }).href;
    },
    async transactions(databaseUrl) {
      const name = new URL(databaseUrl).pathname.slice(1);
      const text = 'select xact_commit::float8 as count from pg_stat_database where datname = $1';
      return (await query<{ count: number }>(server, text, [name]))[0]?.count ?? 0;
    },
    cpuSeconds: () => postgresCpu(folder),
    async stop() {
      execFileSync(script, ['stop', folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Of the postmaster whose data is in the folder and all that it started. */
function postgresCpu(folder: string): number {
  try {
    const postmaster = execFileSync('head', ['-1', join(folder, 'postgres/postmaster.pid')], { encoding: 'utf8' }).trim();
    const pids = execFileSync('pgrep', ['-P', postmaster], { encoding: 'utf8' }).trim().split('\n');
    const ticks = [postmaster, ...pids].map((pid) => {
      try {
        const fields = execFileSync('cat', [`/proc/${pid}/stat`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
        const [user, system] = fields
          .slice(fields.lastIndexOf(')') + 2)
          .split(' ')
          .slice(11, 13)
          .map(Number);
        return (user ?? 0) + (system ?? 0);
      } catch {
        return 0;
      }
    });
    return ticks.reduce((sum, one) => sum + one, 0) / 100;
  } catch {
    return Number.NaN;
  }
}
