import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { DatasetDetail, GeneratorSummary, ImportReport, Job } from '../../src/api/answers.ts';
import { pairCostKey } from '../../src/jobs/datasets/record/pair-cost.ts';
import { parseTaskMeta } from '../../src/label-studio/annotations/task-meta.ts';
import { createMlBackend } from '../../src/label-studio/client/ml-backends.ts';
import { listPredictions } from '../../src/label-studio/client/predictions.ts';
import { createProject } from '../../src/label-studio/client/projects.ts';
import { download } from '../../src/label-studio/client/task-image.ts';
import { listTasks } from '../../src/label-studio/client/tasks.ts';
import type { Connection } from '../../src/label-studio/connection/connection.ts';
import type { LabelMap } from '../../src/masks/label-map.ts';
import { decodeIndexPng } from '../../src/masks/png/png.ts';
import { setSetting } from '../../src/store/stored-settings.ts';
import { requireVersion } from '../../src/store/versions.ts';
import { decodePrediction, meanIou, paintedRegions } from '../support/annotator.ts';
import { type BothServers, startBothServers } from '../support/both-servers.ts';
import { adaFile } from '../support/checkpoint-writers/stylegan2-files.ts';
import { BACKEND_TITLE, ConnectedProject } from '../support/connected-project.ts';
import { completedDataset, orderByRest, seedsOfTasks } from '../support/dataset-project.ts';
import type { InnerServer } from '../support/our-server.ts';
import { describeWithLabelStudio } from '../support/real-label-studio.ts';
import { shardHashes } from '../support/shard-hashes.ts';
import { TINY_SETTINGS, tinyStylegan2 } from '../support/tiny-stylegan2.ts';
import { until } from '../support/until.ts';

const CONFIG =
  '<View><Image name="image" value="$image"/><BrushLabels name="tag" toName="image"><Label value="Bright"/></BrushLabels></View>';
const PROVENANCE = z.looseObject({
  generator: z.looseObject({ name: z.string(), licence: z.string() }),
  pairs: z.array(z.looseObject({ seed: z.number(), class: z.number().nullable() })),
});
const MAIN = resolve(import.meta.dirname, '../../src/main.ts');
/** 4, 8, 16 and 32 px, 8 channels each. */
const CHANNELS = [8, 8, 8, 8];
const SIDE = 32;

/** What the annotator of these projects paints: the pixels whose mean over the colours is above the middle of the range. */
async function brightParts(png: Uint8Array): Promise<LabelMap> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ width: SIDE, height: SIDE, channels: 3 });
  const bright = (pixel: number) => data[3 * pixel]! + data[3 * pixel + 1]! + data[3 * pixel + 2]! > 3 * 127.5;
  return { width: SIDE, height: SIDE, data: Uint8Array.from({ length: SIDE * SIDE }, (_, pixel) => Number(bright(pixel))) };
}

describeWithLabelStudio("with a StyleGAN of one's own", () => {
  let both: BothServers;
  let server: InnerServer;
  let connection: Connection;
  let project: ConnectedProject;

  beforeAll(async () => {
    both = await startBothServers({ name: 'imported' });
    ({ server, connection } = both);
  });
  afterAll(() => both?.stop());

  const checkpoint = async (name: string, classes: number): Promise<string> => {
    const file = join(server.product.folder.root, name);
    await writeFile(file, adaFile(tinyStylegan2({ noise: true, channels: CHANNELS, classes }), TINY_SETTINGS));
    return file;
  };
  const tasksOf = (id: number) => Array.fromAsync(listTasks(connection, id, { fields: ['data', 'meta'] }));
  /** What the annotator sees of a seed, by seed. */
  const pictures = async (id: number): Promise<Map<number, Uint8Array>> => {
    const found = new Map<number, Uint8Array>();
    for (const { data, meta } of await tasksOf(id))
      found.set(parseTaskMeta(meta)!.seed, await download(connection, String(data!.image)));
    return found;
  };
  const paint = async (png: Uint8Array) => paintedRegions(project.config, await brightParts(png));

  it('is imported through the API, and a project that names it is seeded with its pictures', async () => {
    const file = await checkpoint('My Blots.pkl', 0);
    const asked = await server.api<Job>('POST', '/api/generators', { file, name: 'blots', licence: 'CC0', psi: 0.4 });
    const { result } = await until('it is imported', async () => {
      const job = await server.api<Job>('GET', `/api/jobs/${asked.id}`);
      return job.state === 'completed' && job;
    });
    const report = result as unknown as ImportReport;
    expect(report).toMatchObject({ name: 'blots', known: false, family: 'stylegan2', resolution: SIDE, classes: 0, psi: 0.4 });

    // What is painted here ends where the picture is half bright: at no edge, so it must be said that the rest is background.
    const extra = { generator: 'blots', unpainted: 'background' };
    project = await ConnectedProject.connect(connection, server, { config: CONFIG, tasks: 6, extra });
    expect(await project.detail()).toMatchObject({ generator: 'blots', problem: null });
    const metas = (await tasksOf(project.id)).map(({ meta }) => parseTaskMeta(meta));
    expect(metas).toEqual(
      [0, 1, 2, 3, 4, 5].map((seed) => ({ generator: report.id, seed, class: null, psi: 0.4, cutoff: null })),
    );
    const ours = await fetch(`${server.url}/api/generators/blots/images/4.png`);
    expect(Buffer.from((await pictures(project.id)).get(4)!).equals(Buffer.from(await ours.arrayBuffer()))).toBe(true);
  });

  it('learns a function of the picture from two of them, and predicts the others', async () => {
    const seen = await pictures(project.id);
    await project.learn(0, { result: await paint(seen.get(0)!) });
    const version = await project.learn(1, { result: await paint(seen.get(1)!) });
    expect((await project.detail()).versions).toMatchObject([
      { id: version, annotatedImages: 2, labels: project.config.labels },
      {},
    ]);
    const compared: [LabelMap, LabelMap][] = [];
    const predictions = await project.predictions();
    for (const seed of [2, 3, 4, 5]) {
      const [prediction, ...rest] = predictions.get(seed)!.filter(({ model_version: of }) => of === version);
      expect(rest).toEqual([]);
      compared.push([await brightParts(seen.get(seed)!), decodePrediction(project.config, prediction!.result, SIDE)]);
    }
    expect(meanIou(compared, 2)).toBeGreaterThan(0.5);
  });

  it('goes on under another name, and cannot be removed while the project uses it', async () => {
    await server.api<GeneratorSummary>('POST', '/api/generators/blots/rename', { name: 'spots' });
    // Label Studio looks whether we are there, and still sends the name that was typed when the project was connected.
    await connection.json(z.unknown(), { method: 'GET', path: `/api/ml?project=${project.id}` });
    await project.idle();
    const before = (await project.detail()).currentVersion;
    const version = await project.learn(2, { result: await paint((await pictures(project.id)).get(2)!) });
    expect(version).not.toBe(before);
    expect(await project.detail()).toMatchObject({ generator: 'spots', problem: null });
    for (const seed of [3, 4, 5])
      expect((await project.predictions()).get(seed)!.map((of) => of.model_version)).toContain(version);
    const removing = server.api('DELETE', '/api/generators/spots');
    await expect(removing).rejects.toThrow(new RegExp(`400.*'Portraits [0-9a-f]{8}' \\(${project.id}\\)`));
  });

  it('makes a dataset', async () => {
    const dataset = await completedDataset(
      server,
      await orderByRest(server, project.id, { count: 4, filter: 0.2, title: 'Four spots' }),
    );
    expect(dataset).toMatchObject({ asked: 4, delivered: 4, candidates: 5, dropped: 1, reasons: [] });
    const { generator, pairs } = PROVENANCE.parse(JSON.parse(await readFile(join(dataset.folder, 'dataset.json'), 'utf8')));
    expect(generator).toMatchObject({ name: 'spots', licence: 'CC0' });
    const seeds = pairs.map(({ seed }) => seed).sort((a, b) => a - b);
    for (const kind of ['images', 'masks'])
      expect((await readdir(join(dataset.folder, kind))).sort()).toEqual(seeds.map((seed) => `seed-${seed}.png`));
    expect(await seedsOfTasks(connection, dataset.projectId!)).toEqual(seeds);

    const compared: [LabelMap, LabelMap][] = [];
    for (const { id, data, meta } of await tasksOf(dataset.projectId!)) {
      const { seed } = parseTaskMeta(meta)!;
      const image = await readFile(join(dataset.folder, 'images', `seed-${seed}.png`));
      const ours = await fetch(`${server.url}/api/generators/spots/images/${seed}.png`);
      expect(image.equals(Buffer.from(await ours.arrayBuffer()))).toBe(true);
      expect(image.equals(Buffer.from(await download(connection, String(data!.image))))).toBe(true);
      const mask = await decodeIndexPng(await readFile(join(dataset.folder, 'masks', `seed-${seed}.png`)));
      const [prediction, ...rest] = await listPredictions(connection, id);
      expect(rest).toEqual([]);
      expect(decodePrediction(project.config, prediction!.result, SIDE)).toEqual({ ...mask, data: Uint8Array.from(mask.data) });
      compared.push([await brightParts(image), mask]);
    }
    expect(meanIou(compared, 2)).toBeGreaterThan(0.5);
  });

  it('trains at once while a big order is made, which goes on with the version it was made with', async () => {
    const { product, engine } = server;
    const { currentVersion: old } = await project.detail();
    const { generator_id: generator } = await requireVersion(product.store.db, old!);
    const big = { count: 400, filter: 0, seedStart: 5_000_000, destination: 'files', formats: [] };
    const inShardsOfTen = async (order: object) => {
      await setSetting(product.store.db, pairCostKey(generator), { seconds: 60 / 10, bytes: 5000 });
      return (await server.api<Job>('POST', `/api/projects/${project.id}/datasets`, order)).dataset!;
    };
    const stored = async (id: string) => (await shardHashes(product, id)).size;

    // Slow enough to be far from its end when a training is, however busy this machine.
    engine.slowDown(1000);
    const id = await inShardsOfTen(big);
    await until('its first shard is stored', async () => (await stored(id)) > 0);
    await project.annotate(3, { result: await paint((await pictures(project.id)).get(3)!) });
    const version = await until('the training is done', async () => {
      const { currentVersion } = await project.detail();
      return currentVersion !== old && currentVersion;
    });
    expect(await stored(id)).toBeLessThan(20);
    expect((await server.api<DatasetDetail>('GET', `/api/datasets/${id}`)).state).toBe('running');
    engine.slowDown(0);
    expect(await completedDataset(server, id)).toMatchObject({ delivered: 400, version: old });
    await project.idle();
    expect((await project.detail()).currentVersion).toBe(version);

    // Without a training in between, the same bytes.
    const disturbed = await shardHashes(product, id);
    expect(disturbed.size).toBe(40);
    await server.api('DELETE', `/api/datasets/${id}`);
    const again = await inShardsOfTen({ ...big, version: old });
    await completedDataset(server, again);
    expect(await shardHashes(product, again)).toEqual(disturbed);
  });

  it('with classes, imported by the command line beside the running server, needs a rule before it is seeded', async () => {
    const env = { ...process.env, DATA_DIR: server.product.folder.root };
    const file = await checkpoint('kinds.pkl', 3);
    const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'import', file, '--psi', '0.6'], { env });
    expect(stdout).toMatch(/^Imported as kinds\n.*32 × 32 px, 3 classes\n/);

    const { id } = await createProject(connection, { title: 'Kinds', label_config: CONFIG });
    const connect = (extra_params: object) =>
      createMlBackend(connection, id, { url: server.url, title: BACKEND_TITLE, extra_params });
    const missing = /'kinds' has 3 classes, but no class is selected\..*Set .*classes/;
    await expect(connect({ generator: 'kinds', seed_tasks: 4 })).rejects.toThrow(missing);
    await expect(connect({ generator: 'kinds', classes: [0, 3] })).rejects.toThrow(/3 classes, but no class 3/);

    // Connected without tasks, it is refused when tasks are asked for.
    const backend = await connect({ generator: 'kinds' });
    const other = ConnectedProject.of(connection, server, { id, backendId: backend.id, config: CONFIG });
    await other.connected();
    await expect(server.api<Job>('POST', `/api/projects/${id}/seed`, { count: 4 })).rejects.toThrow(missing);
    // So it is where the connection is edited, and Label Studio keeps what it had.
    const edit = (extra_params: object) =>
      connection.json(z.looseObject({ extra_params: z.unknown() }), {
        method: 'PATCH',
        path: `/api/ml/${backend.id}`,
        body: { project: id, url: server.url, title: BACKEND_TITLE, extra_params },
      });
    await expect(edit({ generator: 'kinds', seed_tasks: 4 })).rejects.toThrow(missing);
    await expect(edit({ generator: 'kinds', classes: [0, 3] })).rejects.toThrow(/3 classes, but no class 3/);
    await expect(edit({ generator: 'kinds', classes: 'cats' })).rejects.toThrow(
      /extra_params\.classes must be the number of a class/,
    );
    const stored = await connection.json(z.looseObject({ extra_params: z.unknown() }), {
      method: 'GET',
      path: `/api/ml/${backend.id}`,
    });
    expect(stored.extra_params).toEqual({ generator: 'kinds' });
    expect((await other.tasks()).size).toBe(0);

    // Seeded by REST, it takes the rule that is given first as its own.
    const seed = (body: object) => server.api<Job>('POST', `/api/projects/${id}/seed`, body);
    await expect(seed({ count: 2, classes: 3 })).rejects.toThrow(/3 classes, but no class 3/);
    await seed({ count: 2, classes: [2, 1] });
    await other.idle();
    await seed({ count: 2, classes: 0 });
    await other.idle();
    await seed({ count: 2 });
    await other.idle();
    const made = (await tasksOf(id)).map(({ meta }) => [parseTaskMeta(meta)!.seed, parseTaskMeta(meta)!.class]);
    expect(made.toSorted()).toEqual([
      [0, 2],
      [1, 1],
      [2, 0],
      [3, 0],
      [4, 2],
      [5, 1],
    ]);
    await expect(edit({ generator: 'kinds', classes: 7 })).rejects.toThrow(/no class 7/);
    expect((await edit({ generator: 'kinds', classes: [1, 0] })).extra_params).toMatchObject({ classes: [1, 0] });
  });

  it('with classes 0 and 1 by turns, in the tasks as in the dataset, unless the order says otherwise', async () => {
    const kinds = await ConnectedProject.connect(connection, server, {
      config: CONFIG,
      tasks: 4,
      extra: { generator: 'kinds', classes: [0, 1] },
    });
    const classes = async (id: number) =>
      (await tasksOf(id)).map(({ meta }) => [parseTaskMeta(meta)!.seed, parseTaskMeta(meta)!.class]);
    expect(await classes(kinds.id)).toEqual([
      [0, 0],
      [1, 1],
      [2, 0],
      [3, 1],
    ]);
    const seen = await pictures(kinds.id);
    for (const [seed, label] of [
      [1, 1],
      [2, 0],
    ] as const) {
      const ours = await fetch(`${server.url}/api/generators/kinds/images/${seed}.png?class=${label}`);
      expect(Buffer.from(seen.get(seed)!).equals(Buffer.from(await ours.arrayBuffer()))).toBe(true);
      const theOther = await fetch(`${server.url}/api/generators/kinds/images/${seed}.png?class=${1 - label}`);
      expect(Buffer.from(seen.get(seed)!).equals(Buffer.from(await theOther.arrayBuffer()))).toBe(false);
    }
    await kinds.learn(0, { result: await paint(seen.get(0)!) });
    const version = await kinds.learn(1, { result: await paint(seen.get(1)!) });
    const { record } = await requireVersion(server.product.store.db, version);
    expect(record).toMatchObject({ classRule: '[0,1]' });

    for (const [order, first, expected] of [
      [{}, 1_000_000, [0, 1, 0, 1, 0]],
      // 1,000,005 = 0 mod 3.
      [{ classes: 'all' }, 1_000_005, [0, 1, 2, 0, 1]],
    ] as const) {
      const dataset = await completedDataset(server, await orderByRest(server, kinds.id, { count: 5, filter: 0, ...order }));
      const made = expected.map((label, index) => [first + index, label]);
      const { pairs } = PROVENANCE.parse(JSON.parse(await readFile(join(dataset.folder, 'dataset.json'), 'utf8')));
      expect(pairs.map(({ seed, class: label }) => [seed, label])).toEqual(made);
      expect((await classes(dataset.projectId!)).sort()).toEqual(made);
    }
  });
});
