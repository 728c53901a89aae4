import { fromPglite, PgBoss } from 'pg-boss';
import { JOB_KINDS } from '../../api/answers/job.ts';
import type { StoreEngine } from '../../store/store.ts';
import { KIND_RULES } from './job-kinds.ts';

/** pg-boss keeps its tables in a schema of its own beside ours. */
export const QUEUE_SCHEMA = 'datasetgan_queue';

const DAY_SECONDS = 86_400;
const YEAR_SECONDS = 365 * DAY_SECONDS;

/**
 * The queue machinery on the store's database; it must be started. Its `error` events go to `onError`. Its own tables are made and brought up to
 * date by the `owner`, a server; workers that join look for dead ones too, but seldom, since they may be many.
 */
export function makeBoss(engine: StoreEngine, workers: boolean, onError: (error: Error) => void, owner = true): PgBoss {
  const common = {
    schema: QUEUE_SCHEMA,
    useListenNotify: workers,
    supervise: workers,
    schedule: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
  };
  const boss =
    engine.kind === 'embedded'
      ? new PgBoss({
          ...common,
          backend: 'pglite',
          monitorVacuum: false,
          db: fromPglite({
            query: async <T>(sql: string, parameters?: unknown[]) => ({
              rows: (await engine.database.query(sql, parameters)).rows as T[],
            }),
            exec: (sql) => engine.database.exec(sql),
            listen: (channel, onNotification) => engine.database.listen(channel, onNotification),
          }),
        })
      : // Every few seconds, so that the jobs of a worker that died go to another soon.
        new PgBoss({
          ...common,
          connectionString: engine.databaseUrl,
          application_name: 'datasetgan-queue',
          max: owner ? 5 : 2,
          migrate: owner,
          superviseIntervalSeconds: owner ? 5 : 30,
          monitorIntervalSeconds: owner ? 5 : 30,
        });
  boss.on('error', onError);
  return boss;
}

/** Makes the queues, or brings their rules up to date. Retries are ours (see delivery): to pg-boss every job may always come again. */
export async function createQueues(boss: PgBoss, engine: StoreEngine): Promise<void> {
  const rules = {
    notify: true,
    retryLimit: 1_000_000,
    retryDelay: 0,
    expireInSeconds: DAY_SECONDS,
    retentionSeconds: YEAR_SECONDS,
    deleteAfterSeconds: DAY_SECONDS,
    // Embedded, there is one process, and the folder lock tells that it died. A heartbeat would only be fooled by a laptop that slept.
    heartbeatSeconds: engine.kind === 'embedded' ? YEAR_SECONDS : 15,
  };
  for (const kind of JOB_KINDS) {
    await boss.createQueue(kind, { ...rules, policy: KIND_RULES[kind].turn === 'newest' ? 'stately' : 'singleton' });
    await boss.updateQueue(kind, rules);
  }
}
