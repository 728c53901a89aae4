import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DatasetDetail, Job } from '../../src/api/answers.ts';
import { listUploads } from '../../src/label-studio/client/uploads.ts';
import { Connection } from '../../src/label-studio/connection/connection.ts';
import { ConnectedProject } from '../support/connected-project.ts';
import { seedsOfTasks } from '../support/dataset-project.ts';
import { type FaultProxy, PASS, startFaultProxy } from '../support/fault-proxy.ts';
import { type OuterServer, startOuterServer } from '../support/our-server.ts';
import { describeWithLabelStudio, type RealLabelStudio, startRealLabelStudio } from '../support/real-label-studio.ts';
import { until } from '../support/until.ts';

const UPLOADS = /\/import\?commit_to_project=false/;
const TASKS = /\/import\?return_task_ids/;

describeWithLabelStudio('kill -9', () => {
  let real: RealLabelStudio;
  let proxy: FaultProxy;
  let server: OuterServer;
  let connection: Connection;
  let project: ConnectedProject;

  beforeAll(async () => {
    real = await startRealLabelStudio();
    connection = new Connection({ base: real.url, key: real.personalAccessToken });
    proxy = await startFaultProxy(real.url);
    server = await startOuterServer({ name: 'killed', labelStudio: proxy.url, key: real.personalAccessToken });
  });
  afterAll(async () => {
    await server?.stop();
    await server?.remove();
    await proxy?.close();
    await real?.stop();
  });

  it('in the middle of a training: the training goes on, and all that follows', async () => {
    project = await ConnectedProject.connect(connection, server, { tasks: 3 });
    await project.annotate(0);
    const running = await until(
      'the training is under way',
      async () => {
        const [job] = await project.jobs('train');
        if (job?.state === 'completed') throw new Error('The training was over too soon to be killed.');
        return job?.state === 'running' && job.done > 0 && job;
      },
      { every: 50 },
    );
    await server.kill();
    await server.start();
    await until('the training is done', async () => (await project.jobs('train'))[0]?.state === 'completed');
    await project.idle();
    const [job] = await project.jobs('train');
    expect(job).toMatchObject({ id: running.id, result: { trained: true, annotated: 1 } });
    const { currentVersion: version } = await project.detail();
    expect(job!.result).toMatchObject({ version });
    const predictions = await project.predictions();
    for (const seed of [1, 2]) expect(predictions.get(seed)!.map(({ model_version: of }) => of)).toEqual([version]);
    expect(await project.shownVersion()).toBe(version);
  });

  it('in the middle of a push, twice: the dataset is completed, with nothing lost and nothing twice', async () => {
    const killed: string[] = [];
    proxy.decide(({ method, path }) => {
      const push = method === 'POST' ? [UPLOADS, TASKS].find((pattern) => pattern.test(path)) : undefined;
      if (push === undefined || killed.includes(push.source)) return PASS;
      killed.push(push.source);
      return { kind: 'lose', after: () => server.kill() };
    });
    const order = { count: 5, filter: 0, title: 'Killed twice' };
    const { id } = await server.api<{ id: string }>('POST', `/api/projects/${project.id}/datasets`, order);
    for (const times of [1, 2]) {
      await until('the server is killed', async () => killed.length === times && !(await isUp()));
      await server.start();
    }
    const job = await until("the order's job has ended", async () => {
      const now = await server.api<Job>('GET', `/api/jobs/${id}`);
      return now.state === 'completed' && now;
    });
    const { state, projectId, delivered } = await server.api<DatasetDetail>('GET', `/api/datasets/${job.dataset}`);
    expect([state, projectId]).toEqual(['completed', job.result!.project]);
    expect(delivered).toBe(5);
    expect(await seedsOfTasks(connection, projectId!)).toEqual([1_000_000, 1_000_001, 1_000_002, 1_000_003, 1_000_004]);
    expect(await listUploads(connection, projectId!)).toHaveLength(5);
  });

  const isUp = () =>
    fetch(`${server.url}/livez`).then(
      () => true,
      () => false,
    );
});
