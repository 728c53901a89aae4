import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { listUploads } from '../../src/label-studio/client/uploads.ts';
import { Connection } from '../../src/label-studio/connection/connection.ts';
import { defaultHttp } from '../../src/label-studio/connection/transport.ts';
import { ConnectedProject } from '../support/connected-project.ts';
import { completedDataset, dataset, orderByRest, seedsOfTasks } from '../support/dataset-project.ts';
import { type FaultProxy, PASS, startFaultProxy } from '../support/fault-proxy.ts';
import { type InnerServer, startInnerServer } from '../support/our-server.ts';
import { describeWithLabelStudio, type RealLabelStudio, startRealLabelStudio } from '../support/real-label-studio.ts';
import { until } from '../support/until.ts';

const TASKS = /^POST \/api\/projects\/\d+\/import\?return_task_ids/;
const IN_TIME = /^Label Studio at \S+ did not answer (GET|POST) \S+ in time\. Check whether Label Studio is overloaded/;

/**
 * A Label Studio that answers after most of a minute, on a clock that goes faster: its answers come after two seconds, and where we would wait for
 * thirty we wait for one.
 */
describeWithLabelStudio('a slow Label Studio', () => {
  let real: RealLabelStudio;
  let proxy: FaultProxy;
  let server: InnerServer;
  let connection: Connection;
  let project: ConnectedProject;
  /** How long a request of ours may take, in milliseconds; undefined: as long as it may in earnest. */
  let patience: (request: string) => number | undefined = () => undefined;
  const shortened = defaultHttp.interceptors.request.use((config) => {
    const query = new URLSearchParams(config.params as Record<string, string>);
    const { pathname } = new URL(config.url ?? '');
    const timeout = patience(`${config.method?.toUpperCase()} ${pathname}?${query}`);
    return timeout === undefined ? config : { ...config, timeout };
  });

  beforeAll(async () => {
    real = await startRealLabelStudio();
    connection = new Connection({ base: real.url, key: real.personalAccessToken });
    proxy = await startFaultProxy(real.url);
    server = await startInnerServer({ name: 'slow-label-studio', labelStudio: proxy.url, key: real.personalAccessToken });
    project = await ConnectedProject.connect(connection, server, { tasks: 2 });
    await project.learn(0);
  });
  afterEach(quick);
  afterAll(async () => {
    defaultHttp.interceptors.request.eject(shortened);
    await server?.stop();
    await proxy?.close();
    await real?.stop();
  });

  function slow(): void {
    patience = () => 1000;
    proxy.decide(() => ({ kind: 'pass', late: wait(2000) }));
  }
  function quick(): void {
    patience = () => undefined;
    proxy.decide(() => PASS);
  }

  it('is said in one message that names it, and the dataset is complete when it is quick again, with nothing twice', async () => {
    let asked = false;
    proxy.decide(({ method, path }) => {
      // From the first upload on.
      if (!asked && method === 'POST' && path.includes('commit_to_project=false')) {
        asked = true;
        slow();
      }
      return PASS;
    });
    const id = await orderByRest(server, project.id, { count: 5, filter: 0 });
    const publishing = async () => (await project.jobs('publish'))[0];
    const waiting = await until(
      'the push is put back and says why',
      async () => {
        const job = await publishing();
        return asked && job?.error !== undefined && IN_TIME.test(`${job.error.message} ${job.error.fix}`) && job;
      },
      { show: publishing },
    );
    expect(['queued', 'running']).toContain(waiting.state);
    const reasons = async () => (await dataset(server, id)).reasons;
    await until(
      'the dataset says it, in one message',
      async () => {
        const [reason, ...others] = await reasons();
        return reason !== undefined && IN_TIME.test(reason) && others.length === 0;
      },
      { show: reasons },
    );
    quick();
    const { projectId, reasons: left } = await completedDataset(server, id);
    expect(left).toEqual([]);
    expect(await seedsOfTasks(connection, projectId!)).toEqual([0, 1, 2, 3, 4].map((n) => 1_000_000 + n));
    expect(await listUploads(connection, projectId!)).toHaveLength(5);
  });

  it('is not asked every minute, and at once when the project calls', async () => {
    slow();
    await server.reconcile(project.id);
    const { problem } = await project.detail();
    expect(problem).toMatch(IN_TIME);
    expect(problem).toMatch(/The server retries in a minute, or as soon as the project calls\.$/);
    quick();
    const seen: string[] = [];
    proxy.decide(({ path }) => {
      seen.push(path);
      return PASS;
    });
    const look = await server.product.queues.enqueue('reconcile', {});
    await until(
      'all projects had their turn',
      async () => (await server.api<{ state: string }>('GET', `/api/jobs/${look}`)).state === 'completed',
    );
    expect(seen.filter((path) => path.startsWith(`/api/projects/${project.id}/`))).toEqual([]);
    await project.learn(1);
    await until('the problem is over', async () => (await project.detail()).problem === null);
  });

  it('may carry an import out when it was sent again and the push is over: what is there twice then goes', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    let held = 0;
    patience = (request) => (TASKS.test(request) && held === 0 ? 3000 : undefined);
    proxy.decide(({ method, path }) => {
      if (!TASKS.test(`${method} ${path}`) || held++ > 0) return PASS;
      return { kind: 'pass', late: released };
    });
    const { projectId } = await completedDataset(
      server,
      await orderByRest(server, project.id, { count: 3, filter: 0, seedStart: 5_000_000 }),
    );
    expect(held).toBeGreaterThanOrEqual(2);
    const wanted = [5_000_000, 5_000_001, 5_000_002];
    await server.reconcile(projectId!);
    expect(await seedsOfTasks(connection, projectId!)).toEqual(wanted);
    release();
    await until('the first import is carried out', async () => (await seedsOfTasks(connection, projectId!)).length >= 6);
    await server.reconcile(projectId!);
    expect(await seedsOfTasks(connection, projectId!)).toEqual(wanted);
  });
});
