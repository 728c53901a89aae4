import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { DatasetDetail, ProjectSummary } from '../../src/api/answers.ts';
import { parseTaskMeta } from '../../src/label-studio/annotations/task-meta.ts';
import { ANNOTATED_TASK, type Annotation, createAnnotation, readAnnotations } from '../../src/label-studio/client/annotations.ts';
import { dataManagerAction } from '../../src/label-studio/client/data-manager-action.ts';
import { createMlBackend } from '../../src/label-studio/client/ml-backends.ts';
import { listPredictions } from '../../src/label-studio/client/predictions.ts';
import { createProject, getProject } from '../../src/label-studio/client/projects.ts';
import { listTasks } from '../../src/label-studio/client/tasks.ts';
import { deleteWebhook, listWebhooks } from '../../src/label-studio/client/webhooks.ts';
import type { Connection } from '../../src/label-studio/connection/connection.ts';
import { parseLabelConfig } from '../../src/label-studio/label-config/parse-label-config.ts';
import type { LabelMap } from '../../src/masks/label-map.ts';
import { decodeIndexPng } from '../../src/masks/png/png.ts';
import { requireVersion } from '../../src/store/versions.ts';
import { paintedRegions, SIDE, truthMap } from '../support/annotator.ts';
import { type BothServers, startBothServers } from '../support/both-servers.ts';
import { launchBrowser, openLabelStudio } from '../support/browser.ts';
import { ConnectedProject } from '../support/connected-project.ts';
import { completedDataset, orderByRest, seedsOfTasks } from '../support/dataset-project.ts';
import { labelMapOfResult } from '../support/label-map-of-result.ts';
import { has } from '../support/needs.ts';
import { type InnerServer, TRACES } from '../support/our-server.ts';
import { describeWithLabelStudio } from '../support/real-label-studio.ts';
import { until } from '../support/until.ts';

const REGIONS = z.array(z.looseObject({ type: z.string() }));
const typesOf = ({ result }: { result?: unknown }) => new Set(REGIONS.parse(result).map(({ type }) => type));
const FIRST = 1_000_000;
const VIEWS = z.array(z.looseObject({ id: z.number(), data: z.looseObject({ title: z.string() }) }));
const SCORED = z.looseObject({ tasks: z.array(z.looseObject({ id: z.number(), predictions_score: z.number() })) });

/** What the editor says of itself. */
interface Editor {
  readonly annotationStore: {
    readonly selected?: { readonly regions: readonly { readonly type: string }[] };
  };
}

describeWithLabelStudio('projects of datasets', () => {
  let both: BothServers;
  let server: InnerServer;
  let connection: Connection;
  let source: ConnectedProject;

  beforeAll(async () => {
    both = await startBothServers({ name: 'dataset-projects' });
    ({ server, connection } = both);
    source = await ConnectedProject.connect(connection, server, { tasks: 2 });
    await source.learn(0);
  });
  afterAll(() => both?.stop());

  const order = async (wanted: object): Promise<DatasetDetail & { projectId: number }> => {
    const dataset = await completedDataset(server, await orderByRest(server, source.id, { filter: 0, ...wanted }));
    return { ...dataset, projectId: dataset.projectId! };
  };
  const taskOf = async (project: number, seed: number): Promise<number> => {
    for await (const { id, meta } of listTasks(connection, project, { fields: ['meta'] }))
      if (parseTaskMeta(meta)?.seed === seed) return id;
    throw new Error(`There is no task of seed ${seed}.`);
  };
  const annotationsOf = async (project: number): Promise<Map<number, Annotation[]>> => {
    const ids = (await Array.fromAsync(listTasks(connection, project))).map(({ id }) => id);
    const [body] = await Array.fromAsync(readAnnotations(connection, project, ids));
    const { tasks } = z.object({ tasks: z.array(ANNOTATED_TASK) }).parse(JSON.parse(Buffer.from(body!).toString()));
    return new Map(tasks.map(({ meta, annotations }) => [parseTaskMeta(meta)!.seed, annotations]));
  };
  const hooked = (project: number) =>
    until('its webhook is there', async () => {
      const hooks = await listWebhooks(connection, project);
      return hooks.length > 0 && hooks;
    });
  /** sha256 of the label map that the version was trained on, by seed. */
  const learnt = async (version: string): Promise<Map<number, string>> => {
    const { images } = (await requireVersion(server.product.store.db, version)).record as unknown as {
      images: { image: { seed: number }; annotation: string }[];
    };
    return new Map(images.map(({ image, annotation }) => [image.seed, annotation]));
  };

  describe('what people change there', () => {
    let dataset: DatasetDetail & { projectId: number };
    /** The annotation of the first picture in the dataset's project. */
    let corrected: Annotation;

    it('trains the source, and is a labelling seed from then on; what we push and what Label Studio copies trains nothing', async () => {
      dataset = await order({ count: 3, title: 'To be corrected' });
      expect(await seedsOfTasks(connection, dataset.projectId)).toEqual([FIRST, FIRST + 1, FIRST + 2]);
      expect(await hooked(dataset.projectId)).toMatchObject([{ url: `${server.url}/webhook`, is_active: true }]);
      // "Create annotations from predictions" is not human work.
      await dataManagerAction(connection, dataset.projectId, 'predictions_to_annotations', [
        await taskOf(dataset.projectId, FIRST + 2),
      ]);
      await source.idle();
      await server.reconcile(dataset.projectId);
      await source.idle();
      expect((await source.detail()).versions).toHaveLength(1);

      const task = await taskOf(dataset.projectId, FIRST);
      const [prediction] = await listPredictions(connection, task);
      const version = await source.afterTraining(async () => {
        corrected = await createAnnotation(connection, task, {
          result: paintedRegions(source.config, truthMap(source.config, FIRST)),
          lead_time: 30,
          parent_prediction: prediction!.id,
        });
      });
      expect([...(await learnt(version)).keys()].sort((a, b) => a - b)).toEqual([0, FIRST]);
      const detail = await source.detail();
      expect(detail.versions).toMatchObject([{ id: version, annotatedImages: 2 }, { annotatedImages: 1 }]);
      expect(detail.annotations).toMatchObject({ counted: 2 });

      const later = await order({ count: 2 });
      expect(await seedsOfTasks(connection, later.projectId)).toEqual([FIRST + 3, FIRST + 4]);
      const again = await order({ count: 2, seedStart: FIRST });
      expect(again.known).toBe(2);
      expect(await seedsOfTasks(connection, again.projectId)).toEqual([FIRST + 1, FIRST + 2]);
    });

    it('counts when it is newer than what the labelling project has of the same picture, and otherwise not', async () => {
      await server.api('POST', `/api/projects/${source.id}/seed`, { count: 1, seedStart: FIRST });
      await until('the picture is there too', async () => (await source.tasks()).has(FIRST));
      await source.idle();
      const before = await learnt((await source.detail()).currentVersion!);
      // Newer in the labelling project: half of it is background now.
      const half = truthMap(source.config, FIRST);
      half.data.fill(0, half.data.length / 2);
      const version = await source.learn(FIRST, { result: paintedRegions(source.config, half) });
      const labelled = await learnt(version);
      expect(labelled.size).toBe(2);
      expect(labelled.get(FIRST)).not.toBe(before.get(FIRST));
      expect(labelled.get(0)).toBe(before.get(0));
      // Newer in the dataset's project again.
      const again = await source.afterTraining(() =>
        connection.done({
          method: 'PATCH',
          path: `/api/annotations/${corrected.id}/`,
          body: { result: corrected.result, lead_time: 60 },
        }),
      );
      expect(await learnt(again)).toEqual(before);
    });

    it('is noticed although the webhook is lost, which is made again', async () => {
      for (const { id } of await listWebhooks(connection, dataset.projectId)) await deleteWebhook(connection, id);
      const task = await taskOf(dataset.projectId, FIRST + 1);
      await createAnnotation(connection, task, {
        result: paintedRegions(source.config, truthMap(source.config, FIRST + 1)),
        lead_time: 30,
      });
      const version = await source.afterTraining(() => server.reconcile(dataset.projectId));
      expect([...(await learnt(version)).keys()]).toContain(FIRST + 1);
      expect(await listWebhooks(connection, dataset.projectId)).toHaveLength(1);
    });

    it('never makes it a project to fill: our backend connected to it seeds nothing', async () => {
      const extra_params = { seed_tasks: 5, orders: true };
      await createMlBackend(connection, dataset.projectId, { url: server.url, title: 'DatasetGAN', extra_params });
      await server.reconcile(dataset.projectId);
      await source.idle();
      expect(await seedsOfTasks(connection, dataset.projectId)).toHaveLength(3);
      const known = await server.api<ProjectSummary[]>('GET', '/api/projects');
      expect(known.find(({ id }) => id === dataset.projectId)).toMatchObject({
        kind: 'dataset',
        state: 'connected',
        problem: null,
      });
      // Label Studio goes on showing what we pushed.
      expect((await getProject(connection, dataset.projectId)).model_version).toBe(dataset.version);
      await expect(server.api('POST', `/api/projects/${dataset.projectId}/seed`, { count: 1 })).rejects.toThrow('400');
    });
  });

  describe('forms', () => {
    /** What the version that labelled the dataset says of a picture. */
    const predicted = async (seed: number): Promise<LabelMap> => {
      const answer = await fetch(`${server.url}/api/projects/${source.id}/predictions/${seed}.png`);
      return decodeIndexPng(new Uint8Array(await answer.arrayBuffer()));
    };
    /** Projects that the tests made, for the browser. */
    const byForm: { bitmasks?: number; polygons?: number } = {};
    const agreement = (a: LabelMap, b: LabelMap) =>
      a.data.filter((label, pixel) => label === b.data[pixel]).length / a.data.length;

    it('bitmasks, as annotations that are no ground truth and train nothing, the least certain first', async () => {
      const [trained] = await source.jobs('train');
      const { projectId } = await order({ count: 3, seedStart: 2_000_000, regions: 'bitmask', push: 'annotations' });
      byForm.bitmasks = projectId;
      const { label_config: xml, sampling } = await getProject(connection, projectId);
      const config = parseLabelConfig(xml);
      const controls = source.config.controls.map(({ name }) => ({ name, type: 'bitmasklabels' }));
      expect(config).toEqual({ ...source.config, controls });
      expect(sampling).toBe('Uncertainty sampling');
      for (const [seed, annotations] of await annotationsOf(projectId)) {
        const [annotation, ...others] = annotations;
        expect(others).toEqual([]);
        expect(annotation).toMatchObject({ ground_truth: false, was_cancelled: false, lead_time: null });
        expect(typesOf(annotation!)).toEqual(new Set(['bitmasklabels']));
        const { map, notes } = await labelMapOfResult(annotation!.result, config, SIDE, SIDE);
        expect(notes).toEqual([]);
        expect(agreement(map, await predicted(seed))).toBe(1);
      }
      const views = await connection.json(VIEWS, { method: 'GET', path: '/api/dm/views/', query: { project: projectId } });
      expect(views.map(({ data }) => data.title)).toEqual(['Least certain first']);
      const query = { view: views[0]!.id, project: projectId, fields: 'all', include: 'id,predictions_score' };
      const { tasks } = await connection.json(SCORED, { method: 'GET', path: '/api/tasks/', query });
      const scores = tasks.map(({ predictions_score: score }) => score);
      expect(scores).toHaveLength(3);
      expect(scores).toEqual([...scores].sort((a, b) => a - b));

      await server.reconcile(projectId);
      await source.idle();
      expect((await source.jobs('train'))[0]?.id).toBe(trained?.id);
      // A person who changes one of them teaches with it.
      const [changed] = (await annotationsOf(projectId)).get(2_000_001)!;
      const version = await source.afterTraining(() =>
        connection.done({
          method: 'PATCH',
          path: `/api/annotations/${changed!.id}/`,
          body: { result: REGIONS.parse(changed!.result).slice(1), lead_time: 4 },
        }),
      );
      const seeds = [...(await learnt(version)).keys()];
      expect(seeds).toContain(2_000_001);
      expect(seeds).not.toContain(2_000_000);
    });

    it('polygons, into a project that is there already; a second order brings other pictures', async () => {
      const labels = [...source.config.labels.slice(1).reverse(), 'Something else'].map((label) => `<Label value="${label}"/>`);
      const xml = `<View><Image name="photo" value="$picture"/><PolygonLabels name="outline" toName="photo">${labels.join('')}</PolygonLabels></View>`;
      const { id } = await createProject(connection, { title: 'Mine', description: 'All my pictures.', label_config: xml });
      byForm.polygons = id;
      const first = await order({ count: 2, seedStart: 3_000_000, destination: id });
      expect(first.projectId).toBe(id);
      expect(await getProject(connection, id)).toMatchObject({
        title: 'Mine',
        description: 'All my pictures.',
        label_config: xml,
      });
      const config = parseLabelConfig(xml);
      for (const task of await Array.fromAsync(listTasks(connection, id, { fields: ['meta', 'data'] }))) {
        const { seed, dataset } = parseTaskMeta(task.meta)!;
        expect(dataset).toBe(first.id);
        expect(Object.keys(task.data!)).toEqual(['picture']);
        const [prediction] = await listPredictions(connection, task.id);
        expect(typesOf(prediction!)).toEqual(new Set(['polygonlabels']));
        const { map } = await labelMapOfResult(prediction!.result, config, SIDE, SIDE);
        const inSource = map.data.map((label) => (label === 0 ? 0 : source.config.labels.indexOf(config.labels[label]!)));
        expect(agreement({ ...map, data: inSource }, await predicted(seed))).toBeGreaterThan(0.95);
      }
      const second = await order({ count: 2, seedStart: 3_000_000, destination: id });
      expect(second).toMatchObject({ projectId: id, delivered: 2 });
      expect(await seedsOfTasks(connection, id)).toEqual([0, 1, 2, 3].map((n) => 3_000_000 + n));
    });

    it.runIf(has('browser'))('which the editor shows as such', async () => {
      const browser = await launchBrowser();
      try {
        const page = await openLabelStudio(browser, both.real);
        page.setDefaultTimeout(120_000);
        for (const [project, region] of [
          [byForm.bitmasks!, 'bitmaskregion'],
          [byForm.polygons!, 'polygonregion'],
        ] as const) {
          const [task] = await Array.fromAsync(listTasks(connection, project));
          await page.goto(`${both.real.url}/projects/${project}/data?task=${task!.id}`);
          await page.getByAltText('image').waitFor();
          const shown = await page.waitForFunction(() => {
            const selected = (globalThis as unknown as { Htx?: Editor }).Htx?.annotationStore.selected;
            return selected !== undefined && selected.regions.length > 0 && selected.regions.map(({ type }) => type);
          });
          await page.locator('canvas').first().waitFor();
          await page.screenshot({ path: join(TRACES, `dataset-${region}.png`) });
          const regions = (await shown.jsonValue()) || [];
          expect(regions.length).toBeGreaterThan(2);
          expect(new Set(regions)).toEqual(new Set([region]));
        }
      } finally {
        await browser.close();
      }
    });

    it.each([
      ['a project that is not there', async () => 999, /404.*no project 999/s],
      ['the labelling project', async () => source.id, /400.*annotated for training/s],
      [
        'a project with other labels',
        async () => {
          const xml =
            '<View><Image name="image" value="$image"/><BrushLabels name="b" toName="image"><Label value="Hair"/></BrushLabels></View>';
          return (await createProject(connection, { title: 'Other labels', label_config: xml })).id;
        },
        /400.*'Other labels'.*it has no label/s,
      ],
    ])('refuses %s', async (_, project, message) => {
      const wanted = { count: 1, destination: await project() };
      await expect(server.api('POST', `/api/projects/${source.id}/datasets`, wanted)).rejects.toThrow(message);
    });

    it('refuses a project whose config has no masks of the form that is asked for', async () => {
      const { id } = await createProject(connection, {
        title: 'Brushes',
        label_config: (await getProject(connection, source.id)).label_config,
      });
      const wanted = { count: 1, destination: id, regions: 'polygons' };
      await expect(server.api('POST', `/api/projects/${source.id}/datasets`, wanted)).rejects.toThrow(/422.*no PolygonLabels/s);
    });
  });
});
