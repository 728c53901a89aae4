import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { runCommandLine } from '../../src/cli/run-command-line.ts';
import { productBackend } from '../../src/jobs/product-backend.ts';
import { createAnnotation } from '../../src/label-studio/client/annotations.ts';
import { createMlBackend } from '../../src/label-studio/client/ml-backends.ts';
import { listPredictions } from '../../src/label-studio/client/predictions.ts';
import { createProject, getProject } from '../../src/label-studio/client/projects.ts';
import { createTask, listTasks } from '../../src/label-studio/client/tasks.ts';
import { uploadFiles } from '../../src/label-studio/client/uploads.ts';
import type { LabelMap } from '../../src/masks/label-map.ts';
import { findProjectsByLsId } from '../../src/store/projects.ts';
import { DISC_LABELS, type DiscPhoto, drawDiscs, randomBackbone } from '../integration/photos/support/disc-photos.ts';
import { paintedRegions } from '../support/annotator.ts';
import { type BothServers, startBothServers } from '../support/both-servers.ts';
import { launchBrowser, openLabelStudio } from '../support/browser.ts';
import { BACKEND_TITLE, ConnectedProject } from '../support/connected-project.ts';
import { makeDataFolder } from '../support/data-folder.ts';
import { afterTask, editorState, submitAnnotation } from '../support/editor.ts';
import { READERS } from '../support/export-readers.ts';
import { labelMapOfResult } from '../support/label-map-of-result.ts';
import { has } from '../support/needs.ts';
import { TRACES } from '../support/our-server.ts';
import { describeWithLabelStudio } from '../support/real-label-studio.ts';
import { until } from '../support/until.ts';

const CONFIG = `<View><Image name="image" value="$image"/><BrushLabels name="tag" toName="image">
  ${DISC_LABELS.slice(1)
    .map((label) => `<Label value="${label}"/>`)
    .join('')}</BrushLabels></View>`;
const REGION = z.looseObject({ original_width: z.number(), original_height: z.number() });

describeWithLabelStudio('a project of photographs', () => {
  let folder: string;
  let dataDir: string;
  let both: BothServers;
  let project: ConnectedProject;
  const photos = new Map<number, DiscPhoto>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'datasetgan-photo-project-'));
    dataDir = await makeDataFolder('photo-project');
    await randomBackbone(join(dataDir, 'backbones'));
    both = await startBothServers({ name: 'photo-project', dataDir });
    const { connection, server } = both;
    const { id } = await createProject(connection, { title: 'Discs', label_config: CONFIG });
    const drawn = [
      await drawDiscs(folder, 'a', 320, 240),
      await drawDiscs(folder, 'b', 200, 300),
      await drawDiscs(folder, 'c', 256, 256, true),
      await drawDiscs(folder, 'd', 300, 220, true),
      await drawDiscs(folder, 'e', 240, 320),
      await drawDiscs(folder, 'f', 333, 222),
    ];
    for (const photo of drawn) {
      const bytes = await readFile(photo.photo.file);
      const [upload] = await uploadFiles(connection, id, [{ name: `${photo.photo.name}.png`, bytes, type: 'image/png' }]);
      photos.set((await createTask(connection, id, { data: { image: upload!.path } })).id, photo);
    }
    const extra_params = { source: 'photos', backbone: 'random', working_size: 256 };
    const backend = await createMlBackend(connection, id, { url: server.url, title: BACKEND_TITLE, extra_params });
    project = ConnectedProject.of(connection, server, { id, backendId: backend.id, config: CONFIG });
    await project.connected();
  });
  afterAll(async () => {
    await both?.stop();
    await rm(folder, { recursive: true, force: true });
    await rm(dataDir, { recursive: true, force: true });
  });

  const predictionOf = async (task: number, version: string) =>
    (await listPredictions(both.connection, task)).find(({ model_version: own }) => own === version);
  async function predicted(task: number, version: string): Promise<LabelMap> {
    const { width, height } = photos.get(task)!.map;
    const prediction = await predictionOf(task, version);
    const [region] = z.array(REGION).parse(prediction!.result);
    expect([region!.original_width, region!.original_height]).toEqual([width, height]);
    return (await labelMapOfResult(prediction!.result, project.config, width, height)).map;
  }

  it('is annotated, learnt from, and predicted in the size of each photograph', async () => {
    const [first, second, third, ...others] = [...photos.keys()];
    const version = await project.afterTraining(async () => {
      for (const task of [first!, second!, third!])
        await createAnnotation(both.connection, task, {
          result: paintedRegions(project.config, photos.get(task)!.map),
          lead_time: 20,
        });
    });
    expect(await project.detail()).toMatchObject({
      problem: null,
      generator: '',
      photographs: { backbone: 'random', workingSize: 256 },
      unreadPhotographs: [],
      seededTasks: photos.size,
      annotations: { counted: 3, rejected: [] },
      versions: [{ id: version, validation: 'done' }, {}],
    });
    for (const task of others) {
      const { map } = photos.get(task)!;
      const seen = await predicted(task, version);
      const right = seen.data.reduce((sum, label, i) => sum + (label === map.data[i] ? 1 : 0), 0);
      expect(right / map.data.length).toBeGreaterThan(0.8);
    }
    expect(await project.shownVersion()).toBe(version);
  });

  it('answers /predict and clicks for tasks that Label Studio has, and fetches nothing for others', async () => {
    const backend = productBackend(both.server.product);
    const { currentVersion } = await project.detail();
    const [row] = await findProjectsByLsId(both.server.product.store.db, project.id);
    const ask = async (id: number, context: unknown = null) => {
      const request = {
        project: `${row!.ls_id}.${row!.created_at_unix}`,
        labelConfig: CONFIG,
        context,
        deadline: Date.now() + 60_000,
      };
      const task = { id, data: { image: `${both.real.url}/anything.png` }, meta: {} };
      return (await backend.labelStudio.predict({ ...request, tasks: [task] }))[0];
    };
    const task = [...photos.keys()].at(-1)!;
    const { map, centre } = photos.get(task)!;
    expect(await ask(task)).toMatchObject({ model_version: currentVersion });
    expect(await ask(999_999)).toEqual([]);
    const value = { x: (100 * centre.x) / map.width, y: (100 * centre.y) / map.height, width: 1, keypointlabels: ['red'] };
    const result = [{ id: 'c', type: 'keypointlabels', to_name: 'image', is_positive: true, value }];
    const clicked = await ask(task, { result });
    expect(clicked).toMatchObject({ result: [{ original_width: map.width, original_height: map.height }] });
    const { result: regions } = z.looseObject({ result: z.array(z.unknown()) }).parse(clicked);
    const { map: region } = await labelMapOfResult(regions, project.config, map.width, map.height);
    expect(region.data[Math.floor(centre.y) * map.width + Math.floor(centre.x)]).toBe(1);
  });

  it('refuses what only generated pictures have, and names what is missing', async () => {
    const { server, connection } = both;
    const path = `/api/projects/${project.id}`;
    await expect(server.api('POST', `${path}/seed`, { count: 1 })).rejects.toThrow('Nothing can be generated from them');
    await expect(server.api('POST', `${path}/datasets`, { count: 2 })).rejects.toThrow('Nothing can be generated from them');
    const { id } = await createProject(connection, { title: 'Refused', label_config: CONFIG });
    const connect = (extra_params: object) =>
      createMlBackend(connection, id, { url: server.url, title: BACKEND_TITLE, extra_params });
    await expect(connect({ source: 'photos', backbone: 'none' })).rejects.toThrow(
      'datasetgan backbones fetch efficientnet-lite0',
    );
    await expect(connect({ source: 'photos', backbone: 'random', working_size: 100 })).rejects.toThrow('Use a multiple of 32');
    await expect(connect({ source: 'photos', seed_tasks: 4 })).rejects.toThrow('Remove from the extra parameters: seed_tasks');
    await expect(connect({ backbone: 'random' })).rejects.toThrow('Add "source": "photos"');
  });

  it.runIf(has('browser'))('is corrected in the browser, exported, and read back pixel by pixel', async () => {
    const { connection, real } = both;
    const browser = await launchBrowser();
    try {
      const page = await openLabelStudio(browser, real);
      page.setDefaultTimeout(120_000);
      const version = (await project.detail()).currentVersion!;
      // Stored lying on its side.
      const turned = [...photos].find(([, { photo }]) => photo.name === 'd')![0];
      const shown = await predicted(turned, version);
      await page.goto(`${real.url}/projects/${project.id}/data?task=${turned}`);
      const image = page.getByAltText('image');
      await image.waitFor();
      const size = await image.evaluate((element) => {
        const { naturalWidth, naturalHeight } = element as unknown as { naturalWidth: number; naturalHeight: number };
        return [naturalWidth, naturalHeight];
      });
      expect(size).toEqual([shown.width, shown.height]);
      await page.goto(`${real.url}/projects/${project.id}/data?labeling=1`);
      const submitted: number[] = [];
      while (!submitted.includes(turned) && submitted.length < photos.size) {
        const { task, labels } = await editorState(page);
        if (photos.has(task)) expect(labels.length).toBeGreaterThan(0);
        await page.screenshot({ path: join(TRACES, `photo-project-${submitted.length}.png`) });
        submitted.push(task);
        await submitAnnotation(page);
        if (task !== turned) await afterTask(page, task);
      }
      expect(submitted).toContain(turned);
      await until('it is submitted', async () => {
        const [row] = await Array.fromAsync(listTasks(connection, project.id, { ids: [turned], fields: ['total_annotations'] }));
        return row!.total_annotations === 1;
      });
      const out = join(folder, 'exported');
      vi.stubEnv('LABEL_STUDIO_URL', real.url);
      vi.stubEnv('LABEL_STUDIO_API_KEY', real.personalAccessToken);
      await runCommandLine(['export', String(project.id), '--from-annotations', '--format', 'index-png', '--out', out]);
      vi.unstubAllEnvs();
      const pairs = await READERS['index-png']!(out);
      const read = [...pairs].find(([name]) => name.endsWith(`-${turned}`))![1].map;
      expect([read.width, read.height]).toEqual([shown.width, shown.height]);
      expect(Buffer.compare(read.data, shown.data)).toBe(0);
    } finally {
      await browser.close();
    }
  });

  it('names the pictures that cannot be read, and goes on with odd ones', async () => {
    const { connection, server } = both;
    const flat = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#8090a0' } });
    const pages = [flat(60, 40), flat(60, 40)].map((page) => page.png().toBuffer());
    const files = {
      'broken.jpg': Buffer.from('no picture'),
      'cut-off.png': (await flat(300, 200).png().toBuffer()).subarray(0, 120),
      'large.png': await flat(10_000, 10_000).png().toBuffer(),
      'cmyk.jpg': await flat(120, 80).toColourspace('cmyk').jpeg().toBuffer(),
      'deep.png': await flat(90, 120).toColourspace('rgb16').png().toBuffer(),
      'animated.gif': await sharp(await Promise.all(pages), { join: { animated: true } })
        .gif()
        .toBuffer(),
    };
    const tasks: Record<string, number> = {};
    for (const [name, bytes] of Object.entries(files)) {
      const [upload] = await uploadFiles(connection, project.id, [{ name, bytes, type: 'image/png' }]);
      tasks[name] = (await createTask(connection, project.id, { data: { image: upload!.path } })).id;
    }
    for (const [name, image] of Object.entries({ gone: 'http://127.0.0.1:9/x.png', lost: '/data/upload/1/none.png' }))
      tasks[name] = (await createTask(connection, project.id, { data: { image } })).id;
    await server.reconcile(project.id);
    await project.idle();
    const { unreadPhotographs: unread, currentVersion, problem } = await project.detail();
    expect(problem).toBeNull();
    const said = (name: string) => unread.find((line) => line.startsWith(`task ${tasks[name]}: `));
    expect(said('broken.jpg')).toMatch(/cannot be read/);
    expect(said('cut-off.png')).toMatch(/cannot be read/);
    expect(said('large.png')).toMatch(/100 megapixels, and at most 50 are taken/);
    expect(said('gone')).toMatch(/127\.0\.0\.1:9\/x\.png cannot be loaded/);
    expect(said('lost')).toMatch(/Label Studio/);
    for (const name of ['cmyk.jpg', 'deep.png', 'animated.gif']) {
      expect(said(name)).toBeUndefined();
      expect(await predictionOf(tasks[name]!, currentVersion!)).toBeDefined();
    }
    const { expert_instruction: instruction } = await getProject(connection, project.id);
    expect(instruction).toContain('100 megapixels');
  });
});
