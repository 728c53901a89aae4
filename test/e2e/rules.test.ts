import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Random } from '../../src/interpreter/learning/random.ts';
import { PRIORITY } from '../../src/jobs/engine-tasks/priority.ts';
import { metaOf, parseTaskMeta } from '../../src/label-studio/annotations/task-meta.ts';
import { createAnnotation } from '../../src/label-studio/client/annotations.ts';
import { dataManagerAction } from '../../src/label-studio/client/data-manager-action.ts';
import { modelVersions } from '../../src/label-studio/client/model-versions.ts';
import { importPredictions } from '../../src/label-studio/client/predictions.ts';
import { patchProject } from '../../src/label-studio/client/projects.ts';
import { deleteTask, listTasks } from '../../src/label-studio/client/tasks.ts';
import { deleteWebhook, listWebhooks } from '../../src/label-studio/client/webhooks.ts';
import type { Connection } from '../../src/label-studio/connection/connection.ts';
import { brushConfig, decodePrediction, meanIou, paintedRegions, truthMap } from '../support/annotator.ts';
import { type BothServers, startBothServers } from '../support/both-servers.ts';
import { BACKEND_TITLE, ConnectedProject } from '../support/connected-project.ts';
import { orderField } from '../support/order-field.ts';
import type { InnerServer } from '../support/our-server.ts';
import { describeWithLabelStudio } from '../support/real-label-studio.ts';
import { stroke } from '../support/simulated-annotators.ts';
import { until } from '../support/until.ts';

const OPENED = z.looseObject({
  id: z.number(),
  predictions: z.array(z.looseObject({ model_version: z.string(), result: z.array(z.looseObject({})) })),
});

describeWithLabelStudio('rules of the loop', () => {
  let both: BothServers;
  let server: InnerServer;
  let connection: Connection;
  let hours = 0;

  beforeAll(async () => {
    const now = () => Date.now() + hours * 3_600_000;
    both = await startBothServers({ name: 'rules', now });
    ({ server, connection } = both);
  });
  afterAll(() => both?.stop());

  const connect = (tasks: number, options: { config?: string; extra?: object } = {}) =>
    ConnectedProject.connect(connection, server, { tasks, ...options });

  /** Waits until everything that events and a look at the project lead to is done. */
  async function settle(project: ConnectedProject): Promise<void> {
    await project.idle();
    await server.reconcile(project.id);
    await project.idle();
  }

  /** Opens a task as the Data Manager does. */
  const open = (task: number) => connection.json(OPENED, { method: 'GET', path: `/api/tasks/${task}/` });
  /** The label stream's next task. */
  const next = (project: ConnectedProject) =>
    connection.json(OPENED, { method: 'GET', path: `/api/projects/${project.id}/next/` });

  /** How many predictions of each version a picture has. */
  async function versionsBySeed(project: ConnectedProject): Promise<Record<number, Record<string, number>>> {
    const all = [...(await project.predictions())];
    return Object.fromEntries(
      all.map(([seed, predictions]) => {
        const byVersion = Map.groupBy(predictions, (prediction) => prediction.model_version ?? '');
        return [seed, Object.fromEntries([...byVersion].map(([version, rows]) => [version, rows.length]))];
      }),
    );
  }

  it('trains once for a submit, predicts every other task once, and what that causes trains nothing', async () => {
    const project = await connect(4);
    expect(await project.shownVersion()).toBe(BACKEND_TITLE);
    const version = await project.learn(0);
    await settle(project);
    await settle(project);
    expect(await project.jobs('train')).toMatchObject([{ state: 'completed', result: { version, trained: true } }]);
    expect(await project.jobs('refresh')).toMatchObject([{ state: 'completed', result: { pushed: 3, shown: 'written' } }]);
    expect(await project.jobs('validate')).toHaveLength(1);
    expect(await versionsBySeed(project)).toEqual({ 0: {}, 1: { [version]: 1 }, 2: { [version]: 1 }, 3: { [version]: 1 } });
    expect(await project.shownVersion()).toBe(version);
  });

  it('answers /predict for tasks that are opened before the refresh, and does not push those again', async () => {
    const project = await connect(4);
    const release = server.engine.hold((task, { priority }) => task === 'predict' && priority === PRIORITY.refresh);
    try {
      await project.annotate(0);
      await until('the refresh begins', async () => server.engine.held > 0);
      const version = (await project.detail()).currentVersion!;
      expect(await project.shownVersion()).toBe(BACKEND_TITLE);
      const opened = await open(await project.taskOf(3));
      expect(opened.predictions).toMatchObject([{ model_version: version }]);
      const streamed = await next(project);
      await dataManagerAction(
        connection,
        project.id,
        'retrieve_tasks_predictions',
        [...(await project.tasks()).values()].slice(1),
      );
      expect(streamed.predictions).toMatchObject([{ model_version: version }]);
      expect(streamed.id).not.toBe(await project.taskOf(0));
      release();
      await settle(project);
      expect(await versionsBySeed(project)).toEqual({ 0: {}, 1: { [version]: 1 }, 2: { [version]: 1 }, 3: { [version]: 1 } });
      expect(await project.shownVersion()).toBe(version);
      // Both ways give the same regions for the same picture.
      const stored = (await project.predictions()).get(3)!;
      expect(stored[0]!.result).toEqual(opened.predictions[0]!.result);
    } finally {
      release();
    }
  });

  it('does not push a prediction that was answered for while it waited to be pushed', async () => {
    const project = await connect(4);
    let predicted = 0;
    // The first picture is pushed alone. The second one waits for the third.
    const release = server.engine.hold(
      (task, { priority }) => task === 'predict' && priority === PRIORITY.refresh && ++predicted > 2,
    );
    try {
      await project.annotate(0);
      const second = await project.taskOf(2);
      const { db } = server.product.store;
      await until('the second picture waits to be pushed', async () => {
        const row = await db.selectFrom('predictions').select('source').where('task_id', '=', second).executeTakeFirst();
        return row?.source === 'refresh';
      });
      await open(second);
      release();
      await settle(project);
      expect(await project.jobs('refresh')).toMatchObject([{ result: { pushed: 2 } }]);
      const version = (await project.detail()).currentVersion!;
      expect(await versionsBySeed(project)).toEqual({ 0: {}, 1: { [version]: 1 }, 2: { [version]: 1 }, 3: { [version]: 1 } });
    } finally {
      release();
    }
  });

  it('shows the title while a refresh is incomplete, so that the label stream has the new version at once', async () => {
    const project = await connect(5);
    const first = await project.learn(0);
    await settle(project);
    expect(await project.shownVersion()).toBe(first);
    const release = server.engine.hold((task, { priority }) => task === 'predict' && priority === PRIORITY.refresh);
    try {
      await project.annotate(1);
      await until('the second refresh begins', async () => server.engine.held > 0);
      const second = (await project.detail()).currentVersion!;
      expect(second).not.toBe(first);
      expect(await project.shownVersion()).toBe(BACKEND_TITLE);
      expect((await next(project)).predictions.map((prediction) => prediction.model_version)).toEqual([second]);
      release();
      await settle(project);
      expect(await project.shownVersion()).toBe(second);
    } finally {
      release();
    }
  });

  it('trains although the webhook is lost', async () => {
    const project = await connect(2);
    for (const { id } of await listWebhooks(connection, project.id)) await deleteWebhook(connection, id);
    await project.annotate(0);
    await settle(project);
    expect(await project.jobs('train')).toMatchObject([{ state: 'completed', result: { trained: expect.any(Boolean) } }]);
    expect((await project.detail()).annotations.counted).toBe(1);
    // And it does not stay lost.
    expect(await listWebhooks(connection, project.id)).toMatchObject([{ url: `${server.url}/webhook`, is_active: true }]);
    await project.learn(1);
    expect((await project.detail()).annotations.counted).toBe(2);
  });

  it('trains again when an annotation is deleted, and goes back to the version of what is left', async () => {
    const project = await connect(3);
    const first = await project.learn(0);
    const annotation = await project.annotate(1);
    await project.idle();
    const second = await until('the second version', async () => {
      const { currentVersion } = await project.detail();
      return currentVersion !== first && currentVersion !== null && currentVersion;
    });
    await project.idle();
    const back = await project.afterTraining(() =>
      connection.done({ method: 'DELETE', path: `/api/annotations/${annotation.id}/` }),
    );
    expect(back).toBe(first);
    expect((await project.jobs('train'))[0]!.result).toMatchObject({ version: first, trained: false });
    await settle(project);
    const versions = await versionsBySeed(project);
    expect(versions[1]).toEqual({ [first]: 1 });
    expect(versions[2]).toEqual({ [first]: 1, [second]: 1 });
    expect(await project.shownVersion()).toBe(first);
  });

  it('does not count a skip', async () => {
    const project = await connect(3);
    const skip = async (seed: number) =>
      connection.done({
        method: 'POST',
        path: `/api/tasks/${await project.taskOf(seed)}/annotations/`,
        body: { result: paintedRegions(project.config, truthMap(project.config, seed)), was_cancelled: true, lead_time: 9 },
      });
    await skip(0);
    await settle(project);
    expect((await project.detail()).currentVersion).toBeNull();
    const version = await project.learn(1);
    await project.afterTraining(async () => skip(2));
    expect(await project.detail()).toMatchObject({ currentVersion: version, annotations: { counted: 1 } });
    expect((await project.detail()).versions).toMatchObject([{ annotatedImages: 1 }]);
  });

  it('does not learn from annotations that are its own predictions, until a person changes them', async () => {
    const project = await connect(4);
    const version = await project.learn(0);
    const seeds = [1, 2];
    const tasks = await Promise.all(seeds.map((seed) => project.taskOf(seed)));
    await project.afterTraining(() => dataManagerAction(connection, project.id, 'predictions_to_annotations', tasks));
    await settle(project);
    expect(await project.detail()).toMatchObject({ currentVersion: version, annotations: { counted: 1, machineMade: 2 } });
    expect(await project.jobs('train')).toHaveLength(2);

    const path = `/api/tasks/${tasks[0]}/annotations/`;
    const [made] = await connection.json(z.array(z.looseObject({ id: z.number() })), { method: 'GET', path });
    const result = paintedRegions(project.config, truthMap(project.config, 1));
    const changed = await project.afterTraining(() =>
      connection.done({ method: 'PATCH', path: `/api/annotations/${made!.id}/`, body: { result, lead_time: 12 } }),
    );
    expect(changed).not.toBe(version);
    expect((await project.detail()).annotations).toMatchObject({ counted: 2, machineMade: 1 });
  });

  it('learns a label that is added to the config', async () => {
    const project = await connect(3, { config: brushConfig(['hair', 'face']) });
    let annotation = 0;
    const before = await project.afterTraining(async () => {
      annotation = (await project.annotate(0)).id;
    });
    expect((await project.detail()).versions[0]!.labels).toEqual(['Background', 'hair', 'face']);
    const config = brushConfig(['hair', 'face', 'clothing']);
    const after = await project.afterTraining(() => patchProject(connection, project.id, { label_config: config }));
    expect(after).not.toBe(before);
    const { labels, versions } = await project.detail();
    expect(labels).toEqual(['Background', 'hair', 'face', 'clothing']);
    expect(versions.find(({ current }) => current)!.labels).toEqual(labels);

    const wider = project.withConfig(config);
    await wider.afterTraining(() =>
      connection.done({
        method: 'PATCH',
        path: `/api/annotations/${annotation}/`,
        body: { result: paintedRegions(wider.config, truthMap(wider.config, 0)), lead_time: 40 },
      }),
    );
    const third = await wider.learn(1);
    const predicted = (await wider.predictions()).get(2)!.find(({ model_version: version }) => version === third)!;
    const clothing = decodePrediction(wider.config, predicted.result).data.filter((label) => label === 3).length;
    expect(clothing).toBeGreaterThan(0);
    // A change that leaves the labels as they are trains nothing.
    const [trained] = await project.jobs('train');
    await patchProject(connection, project.id, { label_config: config.replace('<Image ', '<Image zoom="true" ') });
    await settle(project);
    expect((await project.jobs('train'))[0]?.id).toBe(trained?.id);
  });

  it('trains on tasks that are imported with annotations', async () => {
    const project = await connect(2);
    const [task] = await Array.fromAsync(listTasks(connection, project.id, { fields: ['data', 'meta'] }));
    const picture = parseTaskMeta(task!.meta)!;
    const result = paintedRegions(project.config, truthMap(project.config, 77));
    const imported = { data: task!.data, meta: metaOf({ ...picture, seed: 77 }), annotations: [{ result, lead_time: 5 }] };
    await project.afterTraining(() =>
      connection.done({ method: 'POST', path: `/api/projects/${project.id}/import`, body: [imported] }),
    );
    expect((await project.detail()).versions).toMatchObject([{ annotatedImages: 1 }]);
  });

  it('trains when "Start training" is pressed, which is nothing new while the annotations are the same', async () => {
    const project = await connect(2);
    const version = await project.learn(0);
    const again = await project.afterTraining(() =>
      connection.done({ method: 'POST', path: `/api/ml/${project.backendId}/train`, body: {} }),
    );
    expect(again).toBe(version);
    expect((await project.jobs('train'))[0]!.result).toEqual({ version, trained: false });
  });

  it('passes over an annotation that cannot be read, and says which', async () => {
    const project = await connect(3);
    const [region] = paintedRegions(project.config, truthMap(project.config, 1)) as [{ value: object }];
    const broken = { ...region, value: { ...region.value, rle: [0, 0, 1, 0, 57, 27, 248, 0] } };
    const annotation = await project.annotate(1, { result: [broken] });
    await project.learn(0);
    const { annotations, versions } = await project.detail();
    expect(annotations).toMatchObject({ counted: 1, rejected: [expect.stringContaining(`annotation ${annotation.id}:`)] });
    expect(versions).toMatchObject([{ annotatedImages: 1 }]);
  });

  describe('unpainted pixels', () => {
    let project: ConnectedProject;
    const strokes = (seed: number) => {
      const map = stroke(2)(truthMap(project.config, seed), [1, 2], new Random(0, 'pixels', seed));
      return paintedRegions(project.config, map);
    };
    const say = (extra: object) =>
      connection.json(z.looseObject({}), {
        method: 'PATCH',
        path: `/api/ml/${project.backendId}`,
        body: { project: project.id, url: server.url, title: BACKEND_TITLE, extra_params: { seed_tasks: 4, ...extra } },
      });

    it('are unknown beside strokes: two labels and no background teach all three, and it is said', async () => {
      project = await connect(4, { config: brushConfig(['hair', 'face']) });
      const version = await project.learn(0, { result: strokes(0) });
      const note = new RegExp(`^task ${await project.taskOf(0)}: \\d+ % painted, the rest counts as unknown, except \\d+ %`);
      const { annotations, versions } = await project.detail();
      expect(annotations.notes).toEqual([expect.stringMatching(note)]);
      expect(versions[0]!.notes).toContainEqual(expect.stringMatching(note));
      const pairs = [...(await project.predictions())].flatMap(([seed, predictions]) => {
        const found = predictions.find(({ model_version: of }) => of === version);
        return found === undefined
          ? []
          : [[truthMap(project.config, seed), decodePrediction(project.config, found.result)] as const];
      });
      expect(pairs).toHaveLength(3);
      // As background, the unpainted pixels left specks of hair and face: 0.31.
      expect(meanIou(pairs, 3)).toBeGreaterThan(0.45);
    });

    it('an empty submit teaches nothing, and it is said', async () => {
      await project.annotate(1, { result: [] });
      await settle(project);
      const { annotations, versions } = await project.detail();
      expect(annotations).toMatchObject({ counted: 1, rejected: [] });
      expect(annotations.notes).toContainEqual(
        expect.stringContaining(`task ${await project.taskOf(1)}: ignored because it was submitted empty`),
      );
      expect(versions).toHaveLength(1);
    });

    it('are background where extra_params say so, and a change of them trains', async () => {
      const before = (await project.detail()).currentVersion;
      const version = await project.afterTraining(() => say({ unpainted: 'background', empty: 'background' }));
      expect(version).not.toBe(before);
      expect((await project.detail()).annotations).toMatchObject({ counted: 2, notes: [] });
      expect(await project.afterTraining(() => say({ unpainted: 'auto', empty: 'ignore' }))).toBe(before);
    });

    it('superseded versions are validated too, once nothing else is to do', async () => {
      const full = await connect(4, { config: brushConfig(['hair', 'face', 'clothing']) });
      await full.learn(0);
      const hold = server.engine.hold((task) => task === 'validate');
      try {
        for (const seed of [1, 2, 3]) {
          const known = (await full.detail()).currentVersion;
          await full.annotate(seed);
          await until('the next version', async () => (await full.detail()).currentVersion !== known);
        }
      } finally {
        hold();
      }
      await full.idle();
      const { versions } = await full.detail();
      expect(versions.map(({ annotatedImages, validation }) => [annotatedImages, validation])).toEqual([
        [4, 'done'],
        [3, 'done'],
        [2, 'done'],
        [1, 'none'],
      ]);
      for (const { mIoU, mIoUOver } of versions.slice(0, -1)) {
        expect(mIoU).toBeGreaterThan(0);
        expect(mIoUOver).toEqual(['Background', 'hair', 'face', 'clothing']);
      }
    });
  });

  describe('orders', () => {
    const form = (source: number, count: number) => [
      orderField('source', 'choices', { choices: [String(source)] }),
      orderField('count', 'number', { number: count }),
    ];
    let orders = 0;
    let source: ConnectedProject;
    const tasks = () => Array.fromAsync(listTasks(connection, orders, { fields: ['data'] }));
    const blank = async () => (await tasks()).filter(({ data }) => data!.order === 'blank').map(({ id }) => id);
    const status = async (task: number) => String((await tasks()).find(({ id }) => id === task)?.data?.order);
    const says = (task: number, what: RegExp) =>
      until(`the order says ${what}`, async () => what.test(await status(task)), { show: tasks });
    const nextBlank = () =>
      until('one blank order', async () => {
        const [id, ...others] = await blank();
        return others.length === 0 && id;
      });
    const deleteAnnotation = (id: number) => connection.done({ method: 'DELETE', path: `/api/annotations/${id}/` });
    const inserted = () => server.product.store.db.selectFrom('datasets').selectAll().orderBy('created_at').execute();

    beforeAll(async () => {
      source = await connect(2, { extra: { orders: true } });
      await source.learn(0);
      orders = (await server.api<{ project: number }>('POST', `/api/projects/${source.id}/orders`, {})).project;
      // Asked twice, made once.
      expect((await server.api<{ project: number }>('POST', `/api/projects/${source.id}/orders`, {})).project).toBe(orders);
    });

    it('takes no skip for an order, and makes a new blank one when it is deleted', async () => {
      const first = await nextBlank();
      await connection.done({
        method: 'POST',
        path: `/api/tasks/${first}/annotations/`,
        body: { result: form(source.id, 3), was_cancelled: true },
      });
      await server.reconcile(orders);
      await deleteTask(connection, first);
      const second = await until('another blank order', async () => {
        const [id] = await blank();
        return id !== undefined && id !== first && id;
      });
      expect(await blank()).toEqual([second]);
      expect(await inserted()).toEqual([]);
    });

    it('says what is wrong with a form, and takes it when it is corrected', async () => {
      const task = await nextBlank();
      const wrong = form(source.id, 3).slice(0, 1);
      const { id } = await createAnnotation(connection, task, { result: wrong, lead_time: 3 });
      await says(task, /^problem/);
      expect(await inserted()).toEqual([]);
      await connection.done({ method: 'PATCH', path: `/api/annotations/${id}/`, body: { result: form(source.id, 3) } });
      await says(task, /^completed, .*3 of 3 pairs/);
      expect(await inserted()).toHaveLength(1);
    });

    it('a refusal stands until its form is updated, whatever becomes possible meanwhile', async () => {
      const untrained = await connect(2);
      const task = await nextBlank();
      await until('the form says that it has no version', async () => {
        const [{ data }] = await Array.fromAsync(listTasks(connection, orders, { fields: ['data'], ids: [task] }));
        await server.reconcile(orders);
        return JSON.stringify(data).includes(`(project ${untrained.id}): no version yet`);
      });
      const result = form(untrained.id, 2);
      const { id } = await createAnnotation(connection, task, { result, lead_time: 3 });
      await says(task, /^problem/);
      const before = (await inserted()).length;
      await untrained.learn(0);
      await server.reconcile(orders);
      await settle(untrained);
      expect(await status(task)).toMatch(/^problem/);
      expect(await inserted()).toHaveLength(before);
      // Update is pressed, and nothing was changed.
      await connection.done({ method: 'PATCH', path: `/api/annotations/${id}/`, body: { result } });
      await says(task, /^completed, .*2 of 2 pairs/);
      expect(await inserted()).toHaveLength(before + 1);
      const [{ data }] = await Array.fromAsync(listTasks(connection, orders, { fields: ['data'], ids: [task] }));
      expect(data!.status).not.toContain('Already ordered');
      const [, address] = /href="([^"]*)" target="_blank">Download the files</.exec(String(data!.status))!;
      const files = await fetch(address!.replaceAll('&amp;', '&'));
      expect([files.status, files.headers.get('content-disposition')]).toEqual([200, expect.stringContaining('.zip')]);
    });

    it('takes an order although the webhook is lost', async () => {
      for (const { id } of await listWebhooks(connection, orders)) await deleteWebhook(connection, id);
      const task = await nextBlank();
      await createAnnotation(connection, task, { result: form(source.id, 2), lead_time: 3 });
      await server.reconcile(orders);
      await says(task, /^completed, .*2 of 2 pairs/);
      expect(await inserted()).toHaveLength(3);
      expect(await listWebhooks(connection, orders)).toMatchObject([{ url: `${server.url}/webhook` }]);
    });

    it('cancels an order whose annotation is deleted, and one whose task is', async () => {
      for (const remove of [deleteAnnotation, (_: number, task: number) => deleteTask(connection, task)]) {
        // The pairs of another plan: those that were made before would not be made again.
        const count = remove === deleteAnnotation ? 7 : 8;
        const release = server.engine.hold((name) => name === 'predictPair');
        try {
          const task = await nextBlank();
          const { id } = await createAnnotation(connection, task, { result: form(source.id, count), lead_time: 3 });
          await until('the pairs are begun', async () => server.engine.held > 0);
          const dataset = (await inserted()).at(-1)!.id;
          await remove(id, task);
          await until('it is cancelled', async () => (await datasetState(dataset)) === 'cancelled', {
            show: () => server.api('GET', `/api/datasets/${dataset}`),
          });
          if (remove === deleteAnnotation) await says(task, /^cancelled/);
        } finally {
          release();
        }
      }
    });

    const datasetState = async (id: string) => (await server.api<{ state: string }>('GET', `/api/datasets/${id}`)).state;
  });

  describe('seeding', () => {
    const ask = (project: ConnectedProject, tasks: number) =>
      connection.done({
        method: 'PATCH',
        path: `/api/ml/${project.backendId}`,
        body: { project: project.id, url: server.url, title: BACKEND_TITLE, extra_params: { seed_tasks: tasks } },
      });

    it('adds the difference when the number is raised, with predictions, and never makes a deleted task again', async () => {
      const project = await connect(3);
      const version = await project.learn(0);
      await deleteTask(connection, await project.taskOf(2));
      await ask(project, 5);
      await until('two more', async () => (await project.tasks()).size === 4, { show: () => project.detail() });
      await settle(project);
      expect(await versionsBySeed(project)).toEqual({ 0: {}, 1: { [version]: 1 }, 3: { [version]: 1 }, 4: { [version]: 1 } });
      await ask(project, 2);
      await settle(project);
      expect([...(await project.tasks()).keys()]).toEqual([0, 1, 3, 4]);
    });

    it('seeds nothing without a number', async () => {
      const project = await connect(0);
      await settle(project);
      expect((await project.tasks()).size).toBe(0);
      expect(await project.detail()).toMatchObject({ state: 'connected', seededTasks: 0 });
    });
  });

  describe('versions', () => {
    it('leaves a version alone that the user chose to be shown', async () => {
      const project = await connect(3);
      const regions = JSON.stringify(paintedRegions(project.config, truthMap(project.config, 1)));
      const task = await project.taskOf(1);
      await importPredictions(connection, project.id, [{ task, modelVersion: 'mine', score: 1, resultJson: regions }]);
      await patchProject(connection, project.id, { model_version: 'mine' });
      await project.learn(0);
      await settle(project);
      expect(await project.shownVersion()).toBe('mine');
      expect((await project.jobs('refresh'))[0]!.result).toMatchObject({ shown: 'chosen by the user' });
    });

    it('goes back to any version', async () => {
      const project = await connect(4);
      const first = await project.learn(0);
      const second = await project.learn(1);
      await server.api('POST', `/api/projects/${project.id}/versions/${first}/activate`, {});
      await settle(project);
      expect((await project.detail()).currentVersion).toBe(first);
      expect(await project.shownVersion()).toBe(first);
      expect(await versionsBySeed(project)).toMatchObject({ 2: { [first]: 1, [second]: 1 }, 3: { [first]: 1, [second]: 1 } });
      expect((await project.jobs('train')).length).toBe(2);
    });

    it('deletes the predictions of a version a day after it was superseded', async () => {
      const project = await connect(3);
      const first = await project.learn(0);
      const second = await project.learn(1);
      await settle(project);
      const stored = async () => (await modelVersions(connection, project.id)).predictions.map(({ version }) => version).sort();
      expect(await stored()).toEqual([first, second].sort());
      hours = 25;
      try {
        await server.reconcile(project.id);
      } finally {
        hours = 0;
      }
      expect(await stored()).toEqual([second]);
      expect(await project.shownVersion()).toBe(second);
    });
  });
});
