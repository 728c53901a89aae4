import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DatasetGanError } from '../../../src/errors.ts';
import { QUEUE_SCHEMA } from '../../../src/jobs/queue/boss.ts';
import { openQueues, type Queues } from '../../../src/jobs/queue/queues.ts';
import { countJobs, requireJob } from '../../../src/store/jobs.ts';
import type { JobRow, JobState } from '../../../src/store/schema.ts';
import type { Store } from '../../../src/store/store.ts';
import { eventually } from '../../support/eventually.ts';
import { ENGINES, type TestState, testState } from '../store/test-store.ts';

/** A promise that is settled from outside. */
function gate() {
  return Promise.withResolvers<void>();
}

describe.each(ENGINES)('on %s', (kind) => {
  let state: TestState;
  let store: Store;
  let queues: Queues;
  const errors: Error[] = [];

  const reopen = async () => {
    store = await state.open();
    queues = await openQueues(store, { onError: (error) => errors.push(error) });
  };
  const until = (id: string, wanted: JobState): Promise<JobRow> =>
    eventually(async () => {
      const row = await requireJob(store.db, id);
      expect(row.state).toBe(wanted);
      return row;
    });

  beforeAll(async () => {
    state = await testState(kind);
    store = await state.open();
  });
  beforeEach(async () => {
    queues = await openQueues(store, { onError: (error) => errors.push(error) });
  });
  afterEach(async () => {
    await queues.stop();
    await sql`delete from ${sql.table(`${QUEUE_SCHEMA}.job`)}`.execute(store.db);
    await store.db.deleteFrom('jobs').execute();
    expect(errors.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await store?.close();
    await state?.remove();
  });

  test('a job runs, tells its progress and keeps its result', async () => {
    const halfway = gate();
    await queues.work('synthesize', async ({ input, progress }) => {
      progress(3, 8);
      await halfway.promise;
      progress(8, 8);
      return { dataset: input.datasetId };
    });
    const id = await queues.enqueue('synthesize', { projectKey: 'p', datasetId: 'd' });
    const queued = await requireJob(store.db, id);
    expect(queued).toMatchObject({ kind: 'synthesize', project_key: 'p', dataset_id: 'd', done: 0, result: null });
    await eventually(async () => expect(await requireJob(store.db, id)).toMatchObject({ state: 'running', done: 3, total: 8 }));
    halfway.resolve();
    const ended = await until(id, 'completed');
    expect(ended).toMatchObject({ done: 8, total: 8, result: { dataset: 'd' }, error: null, failures: 0, interruptions: 0 });
    expect(ended.finished_at!.getTime()).toBeGreaterThanOrEqual(ended.started_at!.getTime());
  });

  test('rate and time left come from the clock it is given', async () => {
    await queues.stop();
    let now = 0;
    queues = await openQueues(store, { now: () => now });
    await queues.work('synthesize', async ({ progress }) => {
      for (let done = 0; done <= 40; done += 10) {
        progress(done, 100);
        now += 2_000;
      }
      return undefined;
    });
    const id = await queues.enqueue('synthesize', { projectKey: 'p', datasetId: 'd' });
    // 40 items in 8 s; a job that has ended has no time left.
    expect(await until(id, 'completed')).toMatchObject({ done: 40, total: 100, rate: 5, eta: null });
  });

  test('of trainings of one project one runs and one waits, and the newest request wins', async () => {
    const first = gate();
    const inputs: unknown[] = [];
    let running = 0;
    let most = 0;
    await queues.work(
      'refresh',
      async ({ input }) => {
        most = Math.max(most, ++running);
        inputs.push(input.versionId);
        if (input.versionId === 'v1') await first.promise;
        running--;
        return undefined;
      },
      { concurrency: 3 },
    );
    const one = await queues.enqueue('refresh', { projectKey: 'p', versionId: 'v1' });
    await until(one, 'running');
    const two = await queues.enqueue('refresh', { projectKey: 'p', versionId: 'v2' });
    const three = await queues.enqueue('refresh', { projectKey: 'p', versionId: 'v3' });
    expect(three).toBe(two);
    expect(two).not.toBe(one);
    const other = await queues.enqueue('refresh', { projectKey: 'q', versionId: 'w1' });
    await until(other, 'completed');
    expect((await requireJob(store.db, two)).state).toBe('queued');
    first.resolve();
    await until(two, 'completed');
    expect((await requireJob(store.db, one)).state).toBe('completed');
    expect(inputs).toEqual(['v1', 'w1', 'v3']);
    expect(most).toBe(2);
  });

  test('thirty requests at once make one waiting job', async () => {
    const first = gate();
    const inputs: string[] = [];
    await queues.work('refresh', async ({ input }) => {
      inputs.push(input.versionId);
      if (input.versionId === 'first') await first.promise;
      return undefined;
    });
    await until(await queues.enqueue('refresh', { projectKey: 'p', versionId: 'first' }), 'running');
    const ids = await Promise.all(
      Array.from({ length: 30 }, (_, index) => queues.enqueue('refresh', { projectKey: 'p', versionId: `v${index}` })),
    );
    expect(new Set(ids).size).toBe(1);
    first.resolve();
    await until(ids[0]!, 'completed');
    expect(inputs).toHaveLength(2);
  });

  // Two lanes that look at the same moment may take two waiting jobs in the other order on a server (see `serial`).
  test.each([
    ['they run in order', 1],
    ['one runs at a time, whatever the lanes', 3],
  ] as const)('jobs of one key that do not replace each other: %s', async (_, concurrency) => {
    const began: number[] = [];
    let running = 0;
    let most = 0;
    await queues.work(
      'seed',
      async ({ input }) => {
        most = Math.max(most, ++running);
        began.push(input.seeds[0]!);
        await new Promise((resolve) => setTimeout(resolve, 30));
        running--;
        return undefined;
      },
      { concurrency },
    );
    const ids = [];
    for (const seed of [1, 2, 3]) ids.push(await queues.enqueue('seed', { projectKey: 'p', seeds: [seed] }));
    for (const id of ids) await until(id, 'completed');
    expect(concurrency === 1 ? began : began.toSorted()).toEqual([1, 2, 3]);
    expect(most).toBe(1);
  });

  test('a waiting job is cancelled at once and never runs', async () => {
    const id = await queues.enqueue('train', { projectKey: 'p' });
    const row = await queues.cancel(id);
    expect(row).toMatchObject({ state: 'cancelled', error: { code: 'cancelled' } });
    let ran = false;
    await queues.work('train', async () => {
      ran = true;
      return undefined;
    });
    await until(await queues.enqueue('train', { projectKey: 'q' }), 'completed');
    expect(ran).toBe(true);
    expect(await requireJob(store.db, id)).toMatchObject({ state: 'cancelled', attempt: 0 });
  });

  test('a running job is told to stop when it is cancelled, and its result does not count', async () => {
    const reasons: unknown[] = [];
    const ended = gate();
    await queues.work('train', async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      reasons.push((signal.reason as DatasetGanError).code);
      ended.resolve();
      return { version: 'must not be kept' };
    });
    const id = await queues.enqueue('train', { projectKey: 'p' });
    await until(id, 'running');
    await queues.cancel(id);
    await ended.promise;
    expect(reasons).toEqual(['cancelled']);
    expect(await requireJob(store.db, id)).toMatchObject({ state: 'cancelled', result: null });
    expect(await queues.cancel(id)).toMatchObject({ state: 'cancelled' });
    await expect(queues.cancel('00000000-0000-0000-0000-000000000000')).rejects.toMatchObject({ code: 'unknown-job' });
  });

  test('the next run of a key waits for a cancelled one to end', async () => {
    const log: string[] = [];
    await queues.work(
      'train',
      async ({ signal, jobId }) => {
        log.push('begin');
        if (jobId === first) {
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          await new Promise((resolve) => setTimeout(resolve, 300));
        }
        log.push('end');
        return undefined;
      },
      { concurrency: 2 },
    );
    let first = '';
    first = await queues.enqueue('train', { projectKey: 'p' });
    await until(first, 'running');
    await queues.cancel(first);
    await until(await queues.enqueue('train', { projectKey: 'p' }), 'completed');
    expect(log).toEqual(['begin', 'end', 'begin', 'end']);
  });

  test('cancelAll ends the jobs of one project only', async () => {
    const mine = [
      await queues.enqueue('train', { projectKey: 'p' }),
      await queues.enqueue('publish', { projectKey: 'p', datasetId: 'd' }),
    ];
    const other = await queues.enqueue('train', { projectKey: 'q' });
    await queues.cancelAll({ projectKey: 'p' });
    for (const id of mine) expect((await requireJob(store.db, id)).state).toBe('cancelled');
    expect((await requireJob(store.db, other)).state).toBe('queued');
  });

  test('a job asked for in a transaction that is rolled back was never asked for', async () => {
    let asked = '';
    const rollback = store.db.transaction().execute(async (trx) => {
      asked = await queues.enqueue('train', { projectKey: 'p' }, { db: trx });
      throw new Error('changed my mind');
    });
    await expect(rollback).rejects.toThrow('changed my mind');
    await expect(requireJob(store.db, asked)).rejects.toMatchObject({ code: 'unknown-job' });
    const runs: string[] = [];
    await queues.work('train', async ({ jobId }) => {
      runs.push(jobId);
      return undefined;
    });
    const kept = await store.db.transaction().execute((trx) => queues.enqueue('train', { projectKey: 'p' }, { db: trx }));
    await until(kept, 'completed');
    expect(runs).toEqual([kept]);
  });

  test('a failure that may pass is tried again, others are final; both are told', async () => {
    let tries = 0;
    await queues.work('train', async ({ input }) => {
      if (input.projectKey === 'refused') {
        throw new DatasetGanError('training-refused', 'Only one class is annotated.', { fix: 'Annotate a second class.' });
      }
      if (++tries === 1) throw new DatasetGanError('label-studio-down', 'No answer.', { fix: 'Start it.' });
      return undefined;
    });
    const refused = await queues.enqueue('train', { projectKey: 'refused' });
    const down = await queues.enqueue('train', { projectKey: 'p' });
    const error = { code: 'training-refused', message: 'Only one class is annotated.', fix: 'Annotate a second class.' };
    expect((await until(refused, 'failed')).error).toEqual(error);
    await eventually(async () =>
      expect(await requireJob(store.db, down)).toMatchObject({
        state: 'queued',
        failures: 1,
        error: { code: 'label-studio-down' },
      }),
    );
    expect(await until(down, 'completed')).toMatchObject({ failures: 1, error: null, attempt: 2 });
    expect(await requireJob(store.db, refused)).toMatchObject({ state: 'failed', attempt: 1 });
  });

  test('a request for a job that waits for its next try takes it over and runs now', async () => {
    const one = await queues.enqueue('refresh', { projectKey: 'p', versionId: 'v1' });
    // After the sixth failure the next try is a minute away: it is not what runs.
    await store.db.updateTable('jobs').set({ failures: 5 }).where('id', '=', one).execute();
    const inputs: string[] = [];
    await queues.work('refresh', async ({ input }) => {
      inputs.push(input.versionId);
      if (input.versionId === 'v1') throw new DatasetGanError('label-studio-down', 'No answer.');
      return undefined;
    });
    await eventually(async () => expect(await requireJob(store.db, one)).toMatchObject({ state: 'queued', failures: 6 }));
    expect(await queues.enqueue('refresh', { projectKey: 'p', versionId: 'v2' })).toBe(one);
    expect(await until(one, 'completed')).toMatchObject({ failures: 0, error: null });
    expect(inputs).toEqual(['v1', 'v2']);
  });

  test('a job for later is not begun now', async () => {
    let began = 0;
    await queues.work('reconcile', async () => {
      began = Date.now();
      return undefined;
    });
    const asked = Date.now();
    const id = await queues.enqueue('reconcile', {}, { startAfter: 1 });
    await until(id, 'completed');
    expect(began - asked).toBeGreaterThanOrEqual(900);
  });

  test('stopping puts running jobs back, and they run when the queue is opened again', async () => {
    const reasons: string[] = [];
    await queues.work('synthesize', async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      reasons.push((signal.reason as DatasetGanError).code);
      signal.throwIfAborted();
      return undefined;
    });
    const id = await queues.enqueue('synthesize', { projectKey: 'p', datasetId: 'd' });
    await until(id, 'running');
    await queues.stop();
    expect(reasons).toEqual(['shutting-down']);
    expect(await requireJob(store.db, id)).toMatchObject({ state: 'queued', error: null });
    await expect(queues.enqueue('train', { projectKey: 'p' })).rejects.toMatchObject({ code: 'shutting-down' });
    await store.close();
    await reopen();
    await queues.work('synthesize', async () => ({ again: true }));
    expect(await until(id, 'completed')).toMatchObject({ result: { again: true }, interruptions: 0, failures: 0, attempt: 2 });
  });

  test('a job whose handler does not stop is put back all the same, and what the handler says later does not count', async () => {
    const late = gate();
    await queues.work('synthesize', async () => {
      await late.promise;
      return { from: 'the stubborn one' };
    });
    const id = await queues.enqueue('synthesize', { projectKey: 'p', datasetId: 'd' });
    await until(id, 'running');
    await queues.stop({ patience: 100 });
    expect((await requireJob(store.db, id)).state).toBe('queued');
    queues = await openQueues(store, { onError: (error) => errors.push(error) });
    await queues.work('synthesize', async () => {
      late.resolve();
      await new Promise((resolve) => setTimeout(resolve, 200));
      return { from: 'the second' };
    });
    expect((await until(id, 'completed')).result).toEqual({ from: 'the second' });
  });

  test('a stopped job gives way to a newer one that waits', async () => {
    await queues.work('refresh', async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      signal.throwIfAborted();
      return undefined;
    });
    const old = await queues.enqueue('refresh', { projectKey: 'p', versionId: 'v1' });
    await until(old, 'running');
    const newer = await queues.enqueue('refresh', { projectKey: 'p', versionId: 'v2' });
    await queues.stop();
    expect(await requireJob(store.db, old)).toMatchObject({ state: 'cancelled', error: { code: 'cancelled' } });
    expect((await requireJob(store.db, old)).error?.message).toContain(newer);
    expect((await requireJob(store.db, newer)).state).toBe('queued');
    queues = await openQueues(store);
    const inputs: string[] = [];
    await queues.work('refresh', async ({ input }) => {
      inputs.push(input.versionId);
      return undefined;
    });
    await until(newer, 'completed');
    expect(inputs).toEqual(['v2']);
  });

  test('a job whose process is killed runs again', async () => {
    const id = await queues.enqueue('synthesize', { projectKey: 'p', datasetId: 'd' });
    await queues.stop();
    await store.close();
    const log = join(state.dataDir, 'steps');
    const child = spawnWorker(log);
    await eventually(async () => expect(await readFile(log, 'utf8')).toContain(`${id} 8\n`));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('exit', resolve));

    await reopen();
    const before = await requireJob(store.db, id);
    expect(before.done).toBeGreaterThanOrEqual(1);
    await queues.work('synthesize', async () => ({ again: true }));
    expect(await until(id, 'completed')).toMatchObject({
      result: { again: true },
      interruptions: 1,
      failures: 0,
      attempt: 2,
    });
  });

  test('a job that takes its process down again and again is failed', async () => {
    const id = await queues.enqueue('synthesize', { projectKey: 'p', datasetId: 'd' });
    await store.db.updateTable('jobs').set({ interruptions: 20 }).where('id', '=', id).execute();
    await queues.work('synthesize', async () => undefined);
    expect((await until(id, 'failed')).error).toMatchObject({ code: 'internal', fix: expect.stringContaining('MEMORY_LIMIT') });
  });

  test('a job that comes further than before its process died is not what the process dies of', async () => {
    const id = await queues.enqueue('synthesize', { projectKey: 'p', datasetId: 'd' });
    await store.db.updateTable('jobs').set({ interruptions: 4, furthest: 7 }).where('id', '=', id).execute();
    const counted: number[] = [];
    await queues.work('synthesize', async ({ progress }) => {
      // Its run begins again: what it did before does not count twice.
      for (const done of [3, 7, 8]) {
        progress(done, 9);
        await eventually(async () => expect((await requireJob(store.db, id)).total).toBe(9));
        await eventually(async () => expect((await requireJob(store.db, id)).done).toBe(done));
        counted.push((await requireJob(store.db, id)).interruptions);
      }
      return undefined;
    });
    await until(id, 'completed');
    expect(counted).toEqual([4, 4, 0]);
  });

  test('a job whose process died twice waits until other work is done, and then has its last try', async () => {
    const first = gate();
    const order: string[] = [];
    await queues.work('seed', async () => {
      await first.promise;
      order.push('seed');
      return undefined;
    });
    const other = await queues.enqueue('seed', { projectKey: 'p', seeds: [1] });
    const suspect = await queues.enqueue('train', { projectKey: 'p' });
    await store.db.updateTable('jobs').set({ interruptions: 2 }).where('id', '=', suspect).execute();
    await queues.work('train', async () => {
      order.push('train');
      return undefined;
    });
    await eventually(async () =>
      expect((await requireJob(store.db, suspect)).error).toEqual({
        code: 'internal',
        message: 'The server stopped 2 times while this job ran, so other jobs go first.',
        fix: expect.stringContaining('cancel the job'),
      }),
    );
    expect(await requireJob(store.db, suspect)).toMatchObject({ state: 'queued', attempt: 0 });
    first.resolve();
    await until(other, 'completed');
    expect(await until(suspect, 'completed')).toMatchObject({ error: null, interruptions: 2, attempt: 1 });
    expect(order).toEqual(['seed', 'train']);
  });

  test('a job whose process died twice does not wait for ever', async () => {
    await queues.work(
      'seed',
      ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined))),
    );
    await until(await queues.enqueue('seed', { projectKey: 'p', seeds: [1] }), 'running');
    const suspect = await queues.enqueue('train', { projectKey: 'p' });
    const long = sql<Date>`now() - interval '11 minutes'`;
    await store.db.updateTable('jobs').set({ interruptions: 2, updated_at: long }).where('id', '=', suspect).execute();
    await queues.work('train', async () => undefined);
    await until(suspect, 'completed');
  });

  test.runIf(kind === 'embedded')(
    'a job that kills its process: others come before its third run, and it is given up',
    async () => {
      const deadly = await queues.enqueue('import', { file: '/deadly' });
      await queues.enqueue('import', { file: '/harmless' });
      await queues.enqueue('train', { projectKey: 'p' });
      await queues.stop();
      await store.close();
      const log = join(state.dataDir, 'deaths');
      for (let death = 1; death <= 3; death++) {
        const child = spawnWorker(log);
        expect(await new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)))).toBe('SIGKILL');
      }
      const lines = (await readFile(log, 'utf8')).trim().split('\n');
      expect(lines.filter((line) => line === '/deadly')).toHaveLength(3);
      // A training is as quick as the first death or not; the harmless import stood behind the deadly one.
      expect(lines.indexOf('/harmless')).toBeLessThan(lines.lastIndexOf('/deadly'));
      expect(lines.indexOf('/harmless')).toBeGreaterThan(lines.indexOf('/deadly', 1));
      expect(lines).toContain('train p');
      await reopen();
      await queues.work('import', async () => undefined);
      expect(await until(deadly, 'failed')).toMatchObject({ interruptions: 3, error: { code: 'internal' } });
      const rows = await store.db.selectFrom('jobs').select(['kind', 'state']).where('id', '<>', deadly).execute();
      expect(new Set(rows.map(({ state: ended }) => ended))).toEqual(new Set(['completed']));
    },
  );

  test('what follows from the end of a job is recorded with it', async () => {
    await queues.stop();
    const ends: unknown[] = [];
    queues = await openQueues(store, {
      onError: (error) => errors.push(error),
      ended: async (trx, end) => {
        ends.push(end);
        await trx.updateTable('jobs').set({ total: 77 }).where('kind', '=', end.kind).execute();
        return end.kind === 'publish' ? [{ kind: 'describe', input: { projectKey: 'p', datasetId: 'd' } }] : [];
      },
    });
    await queues.work('publish', async () => undefined);
    const waiting = await queues.enqueue('export', { projectKey: 'p', datasetId: 'd', formats: [] });
    const done = await queues.enqueue('publish', { projectKey: 'p', datasetId: 'd' });
    expect((await until(done, 'completed')).total).toBe(77);
    await queues.cancel(waiting);
    expect(ends).toEqual([
      { kind: 'publish', datasetId: 'd', state: 'completed' },
      { kind: 'export', datasetId: 'd', state: 'cancelled' },
    ]);
    expect(await countJobs(store.db)).toContainEqual({ kind: 'describe', state: 'queued', count: 1 });
  });

  test.runIf(kind === 'server')('several processes may open the queues at once, and a job runs once', async () => {
    const fresh = await testState(kind);
    const stores = await Promise.all([fresh.open(), fresh.open(), fresh.open()]);
    const all = await Promise.all(stores.map((one) => openQueues(one, { onError: (error) => errors.push(error) })));
    const runs: string[] = [];
    for (const one of all) {
      await one.work('publish', async ({ input }) => {
        runs.push(input.datasetId);
        return undefined;
      });
    }
    const names = Array.from({ length: 40 }, (_, index) => `d${index}`);
    await Promise.all(names.map((datasetId, index) => all[index % 3]!.enqueue('publish', { projectKey: 'p', datasetId })));
    await eventually(async () =>
      expect(await countJobs(stores[0]!.db)).toEqual([{ kind: 'publish', state: 'completed', count: 40 }]),
    );
    expect(runs.sort()).toEqual(names.sort());
    for (const one of all) await one.stop();
    for (const one of stores) await one.close();
    await fresh.remove();
  });

  test.runIf(kind === 'server')('a job that runs in another process learns that it was cancelled', async () => {
    const log = join(state.dataDir, 'cancelled');
    const child = spawnWorker(log);
    try {
      const id = await queues.enqueue('synthesize', { projectKey: 'p', datasetId: 'd' });
      await eventually(async () => expect(await readFile(log, 'utf8')).toContain(`${id} 3\n`));
      expect((await queues.cancel(id)).state).toBe('cancelled');
      await eventually(async () => expect(await readFile(log, 'utf8')).toContain(`${id} cancelled\n`));
      const { done } = await requireJob(store.db, id);
      expect(done).toBeLessThan(1000);
    } finally {
      child.kill('SIGKILL');
    }
  });

  function spawnWorker(log: string) {
    const parameters = [join(import.meta.dirname, 'kill-target.ts'), state.dataDir, log];
    if (state.databaseUrl !== undefined) parameters.push(state.databaseUrl);
    return spawn(process.execPath, parameters, { stdio: ['ignore', 'inherit', 'inherit'] });
  }
});
