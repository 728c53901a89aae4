import { rm, truncate } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Job, ProjectSummary } from '../../src/api/answers.ts';
import { isVersionFile, readVersion } from '../../src/interpreter/versions/version.ts';
import { PRIORITY } from '../../src/jobs/engine-tasks/priority.ts';
import { dataManagerAction } from '../../src/label-studio/client/data-manager-action.ts';
import { createMlBackend, deleteMlBackend } from '../../src/label-studio/client/ml-backends.ts';
import { listPredictions } from '../../src/label-studio/client/predictions.ts';
import { deleteProject, getProject, listProjects, patchProject } from '../../src/label-studio/client/projects.ts';
import { listTasks } from '../../src/label-studio/client/tasks.ts';
import { listUploads } from '../../src/label-studio/client/uploads.ts';
import { listWebhooks } from '../../src/label-studio/client/webhooks.ts';
import { Connection } from '../../src/label-studio/connection/connection.ts';
import { brushConfig, paintedRegions, truthMap } from '../support/annotator.ts';
import { BACKEND_TITLE, ConnectedProject } from '../support/connected-project.ts';
import { completedDataset, dataset, orderByRest, seedsOfTasks } from '../support/dataset-project.ts';
import { type FaultProxy, PASS, startFaultProxy } from '../support/fault-proxy.ts';
import { type InnerServer, startInnerServer } from '../support/our-server.ts';
import { describeWithLabelStudio, type RealLabelStudio, startRealLabelStudio } from '../support/real-label-studio.ts';
import { until } from '../support/until.ts';

/** The pushes that Label Studio does not make idempotent. */
const PUSHES = {
  uploads: /^POST \/api\/projects\/\d+\/import\?commit_to_project=false/,
  tasks: /^POST \/api\/projects\/\d+\/import\?return_task_ids/,
  predictions: /^POST \/api\/projects\/\d+\/import\/predictions/,
  project: /^POST \/api\/projects\/(\?|$)/,
};

/** Scribbles suffice: what is not painted is unknown. */
const SPARSE =
  '<View><Image name="image" value="$image"/><BrushLabels name="tag" toName="image"><Label value="background"/><Label value="hair"/></BrushLabels></View>';

/** As anyone who reaches our port can send it. */
async function forgedEvent(server: InnerServer, id: number, action: string): Promise<void> {
  const body = JSON.stringify({ action, project: { id, label_config: '<View/>' } });
  await fetch(`${server.url}/webhook`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}

describeWithLabelStudio('faults', () => {
  let real: RealLabelStudio;
  let proxy: FaultProxy;
  let server: InnerServer;
  /** Ours, not through the proxy. */
  let connection: Connection;

  beforeAll(async () => {
    real = await startRealLabelStudio();
    connection = new Connection({ base: real.url, key: real.personalAccessToken });
    proxy = await startFaultProxy(real.url);
    server = await startInnerServer({ name: 'faults', labelStudio: proxy.url, key: real.personalAccessToken });
  });
  afterAll(async () => {
    await server?.stop();
    await proxy?.close();
    await real?.stop();
  });

  const connect = (tasks: number, config = brushConfig()) => ConnectedProject.connect(connection, server, { tasks, config });
  const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

  it('pushes nothing twice when Label Studio does what it was asked and the answer is lost', async () => {
    const lost = new Set<string>();
    proxy.decide(({ method, path }) => {
      const [kind] = Object.entries(PUSHES).find(([, pattern]) => pattern.test(`${method} ${path}`)) ?? [];
      if (kind === undefined || lost.has(kind)) return PASS;
      lost.add(kind);
      return { kind: 'lose' };
    });
    try {
      const project = await connect(3);
      expect(lost).toEqual(new Set(['uploads', 'tasks']));
      expect(await seedsOfTasks(connection, project.id)).toEqual([0, 1, 2]);
      expect(await listUploads(connection, project.id)).toHaveLength(3);

      const version = await project.learn(0);
      await project.idle();
      expect(lost).toContain('predictions');
      const predictions = await project.predictions();
      for (const seed of [1, 2]) expect(predictions.get(seed)!.map(({ model_version: of }) => of)).toEqual([version]);
      expect(await project.shownVersion()).toBe(version);

      lost.delete('uploads');
      lost.delete('tasks');
      const title = 'Lost and found';
      const { projectId } = await completedDataset(server, await orderByRest(server, project.id, { count: 5, filter: 0, title }));
      expect(lost).toEqual(new Set(Object.keys(PUSHES)));
      expect(await seedsOfTasks(connection, projectId!)).toEqual(range(1_000_000, 5));
      expect(await listUploads(connection, projectId!)).toHaveLength(5);
      const sameTitle = (await Array.fromAsync(listProjects(connection))).filter((one) => one.title === title);
      expect(sameTitle.map(({ id }) => id)).toEqual([projectId]);
    } finally {
      proxy.decide(() => PASS);
    }
  });

  it('goes on by itself after Label Studio was away in the middle of a refresh', async () => {
    const project = await connect(3);
    let refused = 0;
    proxy.decide(({ method, path }) =>
      PUSHES.predictions.test(`${method} ${path}`) && refused++ < 2 ? { kind: 'fail', status: 503 } : PASS,
    );
    try {
      const version = await project.learn(0);
      expect(refused).toBeGreaterThanOrEqual(3);
      expect(await project.shownVersion()).toBe(version);
      for (const seed of [1, 2]) expect((await project.predictions()).get(seed)).toHaveLength(1);
    } finally {
      proxy.decide(() => PASS);
    }
  });

  it('trains a version again whose weights are lost: the same weights, and what waited for them goes on', async () => {
    const project = await connect(3);
    const version = await project.learn(0);
    const file = server.product.folder.version(version);
    const { record } = await readVersion(file);
    const trained = () => project.afterTraining(() => server.api('POST', `/api/projects/${project.id}/train`, {}));
    const isWhole = () => isVersionFile(file, version, record.weights);

    // What is ordered is frozen to the version, which is lost before the pairs are made.
    const release = server.engine.hold((task) => task === 'predictPair');
    const order = { count: 3, filter: 0, destination: 'files', formats: [] };
    const job = await server.api<Job>('POST', `/api/projects/${project.id}/datasets`, order);
    await until('the pairs are about to be made', async () => server.engine.held > 0);
    await truncate(file, 1000);
    release();
    const id = job.dataset ?? '';
    const failed = await until('the dataset has failed', async () => {
      const seen = await dataset(server, id);
      return seen.state === 'failed' && seen;
    });
    expect(failed.reasons.join(' ')).toContain('/train');
    await expect(server.api('POST', `/api/projects/${project.id}/datasets`, order)).rejects.toThrow('version-lost');
    await expect(server.api('POST', `/api/projects/${project.id}/versions/${version}/activate`, {})).rejects.toThrow(
      'version-lost',
    );

    expect(await trained()).toBe(version);
    expect(await isWhole()).toBe(true);
    expect((await project.jobs('train'))[0]?.result).toMatchObject({ version, trained: true });
    await server.api('POST', `/api/datasets/${id}/resume`, {});
    expect(await completedDataset(server, id)).toMatchObject({ delivered: 3 });
    expect(await trained()).toBe(version);
    expect((await project.jobs('train'))[0]?.result).toMatchObject({ version, trained: false });

    // Whoever needs it next notices, too, and has it trained.
    await rm(file);
    await project.afterTraining(() => server.api('POST', `/api/projects/${project.id}/seed`, { count: 1 }));
    await until('it is there again', isWhole);
    await project.idle();
    expect(await project.detail()).toMatchObject({ currentVersion: version, problem: null });
    const predictions = await project.predictions();
    expect(predictions.size).toBe(4);
    for (const [seed, found] of predictions) if (seed !== 0) expect(found.map(({ model_version: of }) => of)).toEqual([version]);
  });

  it('keeps the project of a cancelled dataset, and nothing is there twice when it is taken up again', async () => {
    const project = await connect(2);
    await project.learn(0);
    const { promise: second, resolve: secondCame } = Promise.withResolvers<void>();
    const { promise: goOn, resolve: letGo } = Promise.withResolvers<void>();
    let chunks = 0;
    proxy.decide(async ({ method, path }) => {
      if (!PUSHES.tasks.test(`${method} ${path}`) || ++chunks < 2) return PASS;
      secondCame();
      await goOn;
      return { kind: 'fail', status: 500 };
    });
    const id = await orderByRest(server, project.id, { count: 60, filter: 0 });
    await second;
    const [publishing] = await project.jobs('publish');
    await server.api('DELETE', `/api/jobs/${publishing!.id}`);
    letGo();
    proxy.decide(() => PASS);
    const { projectId } = await until('it is cancelled', async () => {
      const seen = await dataset(server, id);
      return seen.state === 'cancelled' && seen;
    });
    const said = async () => (await getProject(connection, projectId!)).description;
    await until('its project says so', async () => /: 50 of 60, cancelled\. Page: \S+$/.test((await said()) ?? ''), {
      show: said,
    });
    // What an import leaves that Label Studio did not finish.
    const pushed = await Array.fromAsync(listTasks(connection, projectId!), (task) => task.id);
    await dataManagerAction(connection, projectId!, 'delete_tasks_predictions', pushed.slice(0, 3));

    await server.api('POST', `/api/datasets/${id}/resume`, {});
    await until('it is complete', async () => (await dataset(server, id)).state === 'completed');
    expect(await seedsOfTasks(connection, projectId!)).toEqual(range(1_000_000, 60));
    const predictions = await Promise.all(pushed.slice(0, 4).map((task) => listPredictions(connection, task)));
    expect(predictions.map((own) => own.length)).toEqual([1, 1, 1, 1]);
    await until('its project says so', async () => /: complete, 60 pairs\. Page: \S+$/.test((await said()) ?? ''), {
      show: said,
    });
  });

  it('says in the project what became of a dataset that is paused while it waits for Label Studio, and deletes it with its project', async () => {
    const project = await connect(2);
    await project.learn(0);
    proxy.decide(async ({ method, path }) => (PUSHES.tasks.test(`${method} ${path}`) ? { kind: 'fail', status: 500 } : PASS));
    let id = '';
    try {
      id = await orderByRest(server, project.id, { count: 3, filter: 0, formats: [] });
      const show = async () => ({ jobs: await project.jobs('publish'), made: await dataset(server, id) });
      await until(
        'its push waits for another try',
        async () => {
          const { jobs, made } = await show();
          return made.projectId !== null && jobs[0]?.state === 'queued' && jobs[0].error !== undefined;
        },
        { show },
      );
      await server.api('POST', `/api/datasets/${id}/pause`, {});
    } finally {
      proxy.decide(() => PASS);
    }
    const { projectId, state } = await dataset(server, id);
    expect(state).toBe('paused');
    const said = async () => (await getProject(connection, projectId!)).description ?? '';
    await until('its project says so', async () => /: 0 of 3, paused\. Page: \S+$/.test(await said()), { show: said });
    await server.api('POST', `/api/datasets/${id}/resume`, {});
    await until('it is complete', async () => (await dataset(server, id)).state === 'completed');
    await until('its project says so', async () => /: complete, 3 pairs\. Page: \S+$/.test(await said()), { show: said });
    await server.api('POST', `/api/datasets/${id}/extend`, { count: 2 });
    await until('it is complete again', async () => (await dataset(server, id)).state === 'completed');
    await until('its project says so', async () => /: complete, 5 pairs\. Page: \S+$/.test(await said()), { show: said });
    expect(await seedsOfTasks(connection, projectId!)).toEqual(range(1_000_000, 5));
    await server.api('DELETE', `/api/datasets/${id}?project=true`);
    await expect(getProject(connection, projectId!)).rejects.toMatchObject({ code: 'label-studio-gone' });
  });

  it('gives a dataset up whose project is deleted while it is pushed, and says so', async () => {
    const project = await connect(2);
    await project.learn(0);
    proxy.decide(async ({ method, path }) => {
      const [, id] = /^\/api\/projects\/(\d+)\/import\?return_task_ids/.exec(path) ?? [];
      if (method === 'POST' && id !== undefined) await deleteProject(connection, Number(id));
      return PASS;
    });
    try {
      const id = await orderByRest(server, project.id, { count: 3, filter: 0 });
      const show = () => dataset(server, id);
      await until('it has failed', async () => (await show()).state === 'failed', { show });
      expect(await show()).toMatchObject({ delivered: 3, reasons: [expect.stringMatching(/deleted|gone|404/)] });
    } finally {
      proxy.decide(() => PASS);
    }
    // The project that it was made from works as before.
    await project.learn(1);
  });

  it('ends the jobs of a project that is deleted in the middle of one, and calls it gone', async () => {
    const project = await connect(3);
    const release = server.engine.hold((task, { priority }) => task === 'predict' && priority === PRIORITY.refresh);
    try {
      await project.annotate(0);
      await until('the refresh begins', async () => server.engine.held > 0);
      await deleteProject(connection, project.id);
    } finally {
      release();
    }
    await until(
      'no job is left',
      async () => !(await project.detail()).jobs.some(({ state }) => state === 'queued' || state === 'running'),
    );
    expect((await project.jobs('refresh'))[0]).toMatchObject({ state: 'failed', error: { code: 'label-studio-gone' } });
    const state = async () =>
      (await server.api<ProjectSummary[]>('GET', '/api/projects')).find(({ id }) => id === project.id)?.state;
    await server.reconcile(project.id);
    await until('it is gone', async () => (await state()) === 'gone', { show: state });
    // Its number means nothing any more.
    await expect(project.detail()).rejects.toThrow('404');
  });

  it('tells the annotators where they look what is wrong, once, apart from the text of the user, and takes it back when it is mended', async () => {
    const project = await connect(2, SPARSE);
    const user = '<p>Paint the hair &amp; take your time.</p>';
    await patchProject(connection, project.id, { expert_instruction: user });
    const instructions = async () => {
      const { expert_instruction: text, show_instruction: shown } = await getProject(connection, project.id);
      return { text: text ?? '', shown };
    };
    let writes = 0;
    let refuses = false;
    proxy.decide(({ method, path }) => {
      if (method === 'PATCH' && path.startsWith(`/api/projects/${project.id}/`)) writes++;
      return refuses ? { kind: 'fail', status: 401 } : PASS;
    });
    try {
      const [hair] = paintedRegions(project.config, truthMap(project.config, 0)).filter((region) =>
        /"hair"/.test(JSON.stringify(region)),
      );
      await project.annotate(0, { result: [hair!] });
      const told = await until(
        'they are told',
        async () => {
          const now = await instructions();
          return now.text !== user && now;
        },
        { show: instructions },
      );
      expect(told.text).toMatch(
        /^<p class="datasetgan.*Nothing to tell apart: only &#39;hair&#39; is annotated\..*Annotate at least two labels/s,
      );
      expect(told).toMatchObject({ text: expect.stringMatching(new RegExp(`${user}$`)), shown: true });
      await project.idle();
      for (let look = 0; look < 2; look++) await server.reconcile(project.id);
      // Our own change came back as PROJECT_UPDATED, and caused nothing.
      expect(writes).toBe(1);
      expect(await project.jobs('train')).toHaveLength(1);

      refuses = true;
      await server.reconcile(project.id);
      expect((await project.detail()).error).toMatchObject({
        code: 'label-studio-unauthorized',
        fix: expect.stringContaining('LABEL_STUDIO_API_KEY'),
      });
      refuses = false;
      await server.reconcile(project.id);
      // What the other problem had hidden.
      expect((await project.detail()).error).toMatchObject({ code: 'training-refused' });
      expect(await instructions()).toEqual(told);

      const edited = `${told.text}<p>And the background.</p>`;
      await patchProject(connection, project.id, { expert_instruction: edited });
      await project.learn(1);
      await until('it is taken back', async () => !(await instructions()).text.includes('DatasetGAN'), { show: instructions });
      expect(await instructions()).toEqual({ text: `${user}<p>And the background.</p>`, shown: false });
      expect((await project.detail()).error).toBeNull();
    } finally {
      proxy.decide(() => PASS);
    }
  });

  it('asks Label Studio once in five seconds at most, however many events come that carry no secret, and misses none', async () => {
    const project = await connect(2);
    await project.idle();
    const trained = new Set((await project.jobs('train')).map(({ id }) => id));
    let pulled = 0;
    proxy.decide(({ method, path }) => {
      if (method === 'GET' && path.startsWith(`/api/projects/${project.id}/?`)) pulled++;
      return PASS;
    });
    try {
      const began = performance.now();
      for (let flood = 0; flood < 40; flood++)
        await forgedEvent(server, project.id, flood % 2 === 0 ? 'ANNOTATION_CREATED' : 'PROJECT_UPDATED');
      await project.annotate(0);
      const version = await until('it is trained', async () => (await project.detail()).currentVersion ?? false);
      await project.idle();
      const windows = 1 + Math.ceil((performance.now() - began) / 5000);
      // A training reads the project at its beginning, and when it shows its version, tells and refreshes.
      const looks = (await project.jobs('train')).filter(({ id }) => !trained.has(id));
      expect(looks.length).toBeLessThanOrEqual(windows);
      expect(pulled).toBeLessThanOrEqual(8 * windows);
      expect(version).toMatch(/^dg-/);
    } finally {
      proxy.decide(() => PASS);
    }
  });

  it('stops when the backend is removed in Label Studio, keeps the versions, and goes on when it is connected again', async () => {
    const project = await connect(3);
    const first = await project.learn(0);
    await deleteMlBackend(connection, project.backendId);
    await server.reconcile(project.id);
    const removed = await project.detail();
    expect(removed).toMatchObject({ state: 'disconnected', currentVersion: first, problem: expect.stringContaining('Settings') });
    expect(removed.versions).toMatchObject([{ id: first }]);

    await project.annotate(1);
    await server.reconcile(project.id);
    await project.idle();
    expect(await project.jobs('train')).toHaveLength(1);
    await expect(server.api('POST', `/api/projects/${project.id}/train`, {})).rejects.toThrow('409');

    await createMlBackend(connection, project.id, { url: server.url, title: BACKEND_TITLE });
    const second = await until('the second version', async () => {
      const { state, currentVersion } = await project.detail();
      return state === 'connected' && currentVersion !== first && currentVersion;
    });
    await project.idle();
    await server.reconcile(project.id);
    await project.idle();
    expect((await project.detail()).versions.map(({ id }) => id)).toEqual([second, first]);
    expect((await project.detail()).problem).toBeNull();
    expect(await seedsOfTasks(connection, project.id)).toEqual([0, 1, 2]);
    expect(await listWebhooks(connection, project.id)).toHaveLength(1);
    expect(await project.shownVersion()).toBe(second);
  });
});
