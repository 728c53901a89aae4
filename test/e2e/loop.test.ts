import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { DatasetDetail, Job, ProjectSummary } from '../../src/api/answers.ts';
import { parseTaskMeta } from '../../src/label-studio/annotations/task-meta.ts';
import { createAnnotation } from '../../src/label-studio/client/annotations.ts';
import { listPredictions } from '../../src/label-studio/client/predictions.ts';
import { getProject } from '../../src/label-studio/client/projects.ts';
import { download } from '../../src/label-studio/client/task-image.ts';
import { listTasks } from '../../src/label-studio/client/tasks.ts';
import { listUploads, uploadFiles } from '../../src/label-studio/client/uploads.ts';
import { listWebhooks } from '../../src/label-studio/client/webhooks.ts';
import type { Connection } from '../../src/label-studio/connection/connection.ts';
import type { LabelMap } from '../../src/masks/label-map.ts';
import { decodeIndexPng } from '../../src/masks/png/png.ts';
import { PORTRAITS_ID } from '../../src/stylegan/portraits/truth.ts';
import { decodePrediction, meanIou, truthMap } from '../support/annotator.ts';
import { type BothServers, startBothServers } from '../support/both-servers.ts';
import { BACKEND_TITLE, ConnectedProject } from '../support/connected-project.ts';
import { seedsOfTasks } from '../support/dataset-project.ts';
import { orderField } from '../support/order-field.ts';
import type { InnerServer } from '../support/our-server.ts';
import { describeWithLabelStudio } from '../support/real-label-studio.ts';
import { until } from '../support/until.ts';

const PROVENANCE = z.looseObject({
  labels: z.array(z.string()),
  pairs: z.array(z.looseObject({ seed: z.number(), js: z.number(), score: z.number() })),
  dropped: z.array(z.looseObject({ seed: z.number(), js: z.number() })),
});

/** The whole of it, in order: each step needs the one before. Trained as users do. */
describeWithLabelStudio('from a project to a dataset', () => {
  let both: BothServers;
  let server: InnerServer;
  let connection: Connection;
  let project: ConnectedProject;

  beforeAll(async () => {
    both = await startBothServers({ name: 'loop', fullTraining: true });
    ({ server, connection } = both);
  });
  afterAll(() => both?.stop());

  it('connects and seeds', async () => {
    project = await ConnectedProject.connect(connection, server, { tasks: 8, extra: { orders: true, sampling: 'uncertainty' } });
    const tasks = await Array.fromAsync(listTasks(connection, project.id, { fields: ['data', 'meta'] }));
    expect(tasks.map(({ meta }) => parseTaskMeta(meta))).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((seed) => ({ generator: PORTRAITS_ID, seed, class: null, psi: 1, cutoff: null })),
    );
    // The picture that annotators see is the picture of that seed.
    const shown = await download(connection, String(tasks[3]!.data!.image));
    const ours = await fetch(`${server.url}/api/generators/portraits-256/images/3.png`);
    expect(Buffer.from(shown).equals(Buffer.from(await ours.arrayBuffer()))).toBe(true);
    expect(await project.shownVersion()).toBe(BACKEND_TITLE);
    expect((await getProject(connection, project.id)).sampling).toBe('Uncertainty sampling');
    expect(await listWebhooks(connection, project.id)).toMatchObject([{ url: `${server.url}/webhook`, is_active: true }]);
  });

  it('predicts the others after each annotation', async () => {
    for (const [annotated, seed] of [0, 1].entries()) {
      const version = await project.learn(seed);
      expect(version).toMatch(/^dg-[0-9a-f]{12}$/);
      const predictions = await project.predictions();
      const pairs: [LabelMap, LabelMap][] = [];
      for (const other of [0, 1, 2, 3, 4, 5, 6, 7].slice(annotated + 1)) {
        const [prediction, ...rest] = predictions.get(other)!.filter(({ model_version: of }) => of === version);
        expect(rest).toEqual([]);
        expect(prediction!.score).toBeGreaterThan(0);
        expect(prediction!.score).toBeLessThan(1);
        pairs.push([truthMap(project.config, other), decodePrediction(project.config, prediction!.result)]);
      }
      expect(meanIou(pairs, project.config.labels.length)).toBeGreaterThan(0.5);
      expect(await project.shownVersion()).toBe(version);
    }
    // A training that is asked for says which job brings its predictions; here there is nothing to wait for.
    const { id } = await server.api<Job>('POST', `/api/projects/${project.id}/train`, {});
    const { result } = await until('it has ended', async () => {
      const now = await server.api<Job>('GET', `/api/jobs/${id}`);
      return now.state === 'completed' && now;
    });
    expect(result).toEqual({ version: await project.shownVersion(), trained: false });
    const [refresh] = await project.jobs('refresh');
    expect((await project.jobs('train')).map((job) => job.result?.refresh)).toContain(refresh!.id);
    const { versions } = await project.detail();
    expect(versions).toMatchObject([
      { annotatedImages: 2, validation: 'done', current: true, mIoU: expect.any(Number) },
      { annotatedImages: 1, validation: 'none', current: false },
    ]);
  });

  it('makes a dataset that is ordered by REST', async () => {
    const order = { count: 12, filter: 0.25, title: 'Twelve portraits' };
    const asked = await server.api<Job>('POST', `/api/projects/${project.id}/datasets`, order);
    const job = await until('its job has ended', async () => {
      const now = await server.api<Job>('GET', `/api/jobs/${asked.id}`);
      return now.state !== 'queued' && now.state !== 'running' && now;
    });
    // All is there, without waiting for anything else: 16 candidates, 12 pairs in Label Studio and in files.
    expect(job).toMatchObject({ state: 'completed', done: 40, total: 40, dataset: asked.dataset });
    const dataset = await server.api<DatasetDetail>('GET', `/api/datasets/${job.dataset}`);
    expect(job.result).toMatchObject({ pairs: 12, project: dataset.projectId, url: dataset.url, place: dataset.folder });
    expect(dataset.state).toBe('completed');
    expect(dataset).toMatchObject({ asked: 12, delivered: 12, candidates: 16, dropped: 4, filter: 0.25, reasons: [] });
    await checkDataset(dataset, 'Twelve portraits');

    const { pairs, dropped } = PROVENANCE.parse(JSON.parse(await readFile(join(dataset.folder, 'dataset.json'), 'utf8')));
    const made = [...pairs, ...dropped].map(({ seed }) => seed).sort((a, b) => a - b);
    expect(made).toEqual(Array.from({ length: 16 }, (_, i) => 1_000_000 + i));
    expect(Math.min(...dropped.map(({ js }) => js))).toBeGreaterThanOrEqual(Math.max(...pairs.map(({ js }) => js)));
  });

  it('makes a dataset that is ordered in the orders project, once', async () => {
    const orders = await server.api<{ project: number }>('POST', `/api/projects/${project.id}/orders`, {});
    const listed = () => Array.fromAsync(listTasks(connection, orders.project, { fields: ['data', 'total_annotations'] }));
    const [blank, ...others] = await until('the blank order', async () => {
      const tasks = await listed();
      return tasks.length > 0 && tasks;
    });
    expect(others).toEqual([]);
    expect(blank!.data).toMatchObject({
      order: 'blank',
      projects: [{ alias: String(project.id), value: expect.stringContaining('Portraits') }],
    });

    const result = [
      orderField('source', 'choices', { choices: [String(project.id)] }),
      orderField('count', 'number', { number: 6 }),
      orderField('filter', 'number', { number: 20 }),
      orderField('title', 'textarea', { text: ['Six <b>portraits</b>'] }),
    ];
    const annotation = await createAnnotation(connection, blank!.id, { result, lead_time: 20 });
    const status = async () => String((await listed()).find(({ id }) => id === blank!.id)!.data!.status);
    const complete = await until('the order is complete', async () => {
      const said = await status();
      return said.includes('Complete.') && said;
    });
    expect(complete).toContain('6 of 6 pairs');
    expect(complete).toContain('Six &lt;b&gt;portraits&lt;/b&gt;');
    const link = Number(/href="\/projects\/(\d+)\/data"/.exec(complete)![1]);
    await checkDataset(await datasetOf(link), 'Six <b>portraits</b>');
    expect((await listed()).map(({ data }) => String(data!.order))).toEqual([expect.stringMatching(/^completed/), 'blank']);

    // Changing it later orders nothing.
    const changed = [...result.slice(0, 1), orderField('count', 'number', { number: 7 }), ...result.slice(2)];
    await connection.done({
      method: 'PATCH',
      path: `/api/annotations/${annotation.id}/`,
      body: { result: changed, lead_time: 30 },
    });
    await until('it is said', async () => (await status()).includes('Already ordered'), { show: status });
    expect(await datasets()).toHaveLength(2);
    expect((await datasets()).map((dataset) => dataset.asked).sort((a, b) => a - b)).toEqual([6, 12]);
  });

  it('leaves nothing of a deleted dataset among the uploads, and touches no others', async () => {
    const ordered = (await datasets()).find(({ asked }) => asked === 6)!;
    const target = ordered.projectId!;
    const uploads = async (id: number) => (await listUploads(connection, id)).map(({ name, path }) => `${name} ${path}`).sort();
    const [inSource, inTarget] = [await uploads(project.id), await uploads(target)];
    const results = inSource.filter((upload) => /^(preview|report)-/.test(upload));
    expect(results).toHaveLength(2);
    expect((await getProject(connection, target)).description).toContain('Report: ');
    // As a push leaves them that is stopped before their tasks are made; and something of somebody else.
    const bytes = await download(connection, inTarget[0]!.split(' ')[1]!);
    const files = [inTarget[0]!.split(' ')[0]!, 'mine.png'].map((name) => ({ name, type: 'image/png', bytes }));
    await uploadFiles(connection, target, files);
    expect(await uploads(target)).toHaveLength(inTarget.length + 2);

    await server.api('DELETE', `/api/datasets/${ordered.id}`);
    expect(await uploads(project.id)).toEqual(inSource.filter((upload) => !results.includes(upload)));
    expect((await uploads(target)).filter((upload) => !upload.startsWith('mine.png'))).toEqual(inTarget);
    expect(await uploads(target)).toHaveLength(inTarget.length + 1);
    for (const { data } of await Array.fromAsync(listTasks(connection, target, { fields: ['data'] })))
      expect((await download(connection, String(data!.image))).length).toBeGreaterThan(1000);
    expect((await getProject(connection, target)).description).toBe(`DatasetGAN dataset ${ordered.id}: complete, 6 pairs`);
    const orders = (await server.api<ProjectSummary[]>('GET', '/api/projects')).find(({ kind }) => kind === 'orders')!;
    await until('its task says so', async () => {
      const tasks = await Array.fromAsync(listTasks(connection, orders.id, { fields: ['data'] }));
      return tasks.some(({ data }) => data!.status === '<p><b>The dataset was deleted.</b></p>');
    });

    // With its project, too.
    const other = (await datasets()).find(({ asked }) => asked === 12)!;
    await server.api('DELETE', `/api/datasets/${other.id}?project=true`);
    await expect(getProject(connection, other.projectId!)).rejects.toMatchObject({ code: 'label-studio-gone' });
    expect(await uploads(project.id)).toHaveLength(inSource.length - 2);
    expect(await uploads(target)).toHaveLength(inTarget.length + 1);
  });

  const datasets = async (): Promise<DatasetDetail[]> => {
    const rows = await server.product.store.db.selectFrom('datasets').select('id').execute();
    return Promise.all(rows.map(({ id }) => server.api<DatasetDetail>('GET', `/api/datasets/${id}`)));
  };
  const datasetOf = async (lsProject: number) => (await datasets()).find(({ projectId }) => projectId === lsProject)!;

  /** Reads a dataset back from Label Studio and from the disk, and compares the two with each other and with the truth. */
  async function checkDataset(dataset: DatasetDetail, title: string): Promise<void> {
    const id = dataset.projectId!;
    const found = await getProject(connection, id);
    const version = (await project.detail()).currentVersion!;
    expect(found).toMatchObject({ title, model_version: version, sampling: 'Uncertainty sampling' });
    expect(found.label_config).toBe((await getProject(connection, project.id)).label_config);
    const complete = `${dataset.id}: complete, ${dataset.delivered} pairs`;
    const page = `\\. Page: ${server.url}/#/datasets/${dataset.id}`;
    expect(found.description).toMatch(new RegExp(`${complete}${page}(\\. Report: /data/upload/\\S+/\\S+-report-\\w+\\.html)?$`));

    const { labels, pairs } = PROVENANCE.parse(JSON.parse(await readFile(join(dataset.folder, 'dataset.json'), 'utf8')));
    expect(labels).toEqual(project.config.labels);
    const seeds = pairs.map(({ seed }) => seed).sort((a, b) => a - b);
    expect(await seedsOfTasks(connection, id)).toEqual(seeds);
    for (const kind of ['images', 'masks']) {
      const files = await readdir(join(dataset.folder, kind));
      expect(files.sort()).toEqual(seeds.map((seed) => `seed-${seed}.png`).sort());
    }

    const compared: [LabelMap, LabelMap][] = [];
    for (const task of await Array.fromAsync(listTasks(connection, id, { fields: ['data', 'meta'] }))) {
      const meta = parseTaskMeta(task.meta)!;
      expect(meta).toMatchObject({ generator: PORTRAITS_ID, psi: 1, dataset: dataset.id, version });
      const image = await readFile(join(dataset.folder, 'images', `seed-${meta.seed}.png`));
      expect(image.equals(Buffer.from(await download(connection, String(task.data!.image))))).toBe(true);

      const mask = await decodeIndexPng(await readFile(join(dataset.folder, 'masks', `seed-${meta.seed}.png`)));
      const [prediction, ...rest] = await listPredictions(connection, task.id);
      expect(rest).toEqual([]);
      expect(prediction).toMatchObject({ model_version: version, score: pairs.find(({ seed }) => seed === meta.seed)!.score });
      const pushed = decodePrediction(project.config, prediction!.result);
      expect(Buffer.from(pushed.data).equals(Buffer.from(mask.data))).toBe(true);
      compared.push([truthMap(project.config, meta.seed), mask]);
    }
    expect(meanIou(compared, labels.length)).toBeGreaterThan(0.5);
  }
});
