import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { listS3Storages } from '../../src/label-studio/client/s3-storages.ts';
import { download } from '../../src/label-studio/client/task-image.ts';
import { listTasks } from '../../src/label-studio/client/tasks.ts';
import { listUploads } from '../../src/label-studio/client/uploads.ts';
import { Connection } from '../../src/label-studio/connection/connection.ts';
import { PORTRAITS_ID } from '../../src/stylegan/portraits/truth.ts';
import { SIDE } from '../support/annotator.ts';
import { launchBrowser, openLabelStudio } from '../support/browser.ts';
import { ConnectedProject } from '../support/connected-project.ts';
import { completedDataset, orderByRest, seedsOfTasks } from '../support/dataset-project.ts';
import { has } from '../support/needs.ts';
import { freePort, type InnerServer, startInnerServer } from '../support/our-server.ts';
import { describeWithLabelStudio, type RealLabelStudio, startRealLabelStudio } from '../support/real-label-studio.ts';
import { s3Place } from '../support/s3-server.ts';

const RESOLVED = z.looseObject({ data: z.looseObject({ image: z.string() }) });

describeWithLabelStudio('how pictures reach the browser', () => {
  let real: RealLabelStudio;
  let connection: Connection;
  const servers: InnerServer[] = [];

  beforeAll(async () => {
    real = await startRealLabelStudio();
    connection = new Connection({ base: real.url, key: real.personalAccessToken });
  });
  afterAll(async () => {
    for (const server of servers) await server.stop();
    await real?.stop();
  });

  async function start(name: string, port: number, env: Record<string, string>): Promise<InnerServer> {
    const server = await startInnerServer({ name, labelStudio: real.url, key: real.personalAccessToken, port, env });
    servers.push(server);
    return server;
  }
  const dataOf = async (project: number) =>
    (await Array.fromAsync(listTasks(connection, project, { fields: ['data'] }))).map(
      ({ id, data }) => [id, data!.image] as const,
    );
  const ours = async ({ url }: InnerServer, seed: number) =>
    Buffer.from(await (await fetch(`${url}/api/generators/portraits-256/images/${seed}.png`)).arrayBuffer());

  /** Opens a task in a browser: the width of the picture that the editor has, the requests for it that were answered, and the regions shown. */
  async function look(project: number, task: number, address: RegExp) {
    const browser = await launchBrowser();
    try {
      const page = await openLabelStudio(browser, real);
      page.setDefaultTimeout(120_000);
      const answers: [url: string, status: number][] = [];
      page.on('response', (answer) => {
        if (address.test(answer.url())) answers.push([answer.url(), answer.status()]);
      });
      await page.goto(`${real.url}/projects/${project}/data?task=${task}`);
      const picture = page.getByAltText('image');
      await picture.waitFor();
      await page.waitForFunction(
        () =>
          (globalThis as unknown as { Htx?: { annotationStore: { selected?: { regions: unknown[] } } } }).Htx?.annotationStore
            .selected,
      );
      const width = await picture.evaluate((element) => (element as unknown as { naturalWidth: number }).naturalWidth);
      return { width, answers };
    } finally {
      await browser.close();
    }
  }

  it('IMAGE_DELIVERY=url: browsers load them from PUBLIC_URL, and Label Studio stores none', async () => {
    const port = await freePort();
    const publicUrl = `http://localhost:${port}`;
    const by = await start('delivery-url', port, { IMAGE_DELIVERY: 'url', PUBLIC_URL: publicUrl });
    const address = (seed: number) => `${publicUrl}/api/generators/${PORTRAITS_ID}/images/${seed}.png?psi=1&cutoff=none`;
    const project = await ConnectedProject.connect(connection, by, { tasks: 2 });
    expect((await dataOf(project.id)).map(([, image]) => image)).toEqual([address(0), address(1)]);
    const picture = await fetch(address(1));
    expect(picture.headers.get('access-control-allow-origin')).toBe('*');
    expect(Buffer.from(await picture.arrayBuffer()).equals(await ours(by, 1))).toBe(true);

    await project.learn(0);
    const { projectId } = await completedDataset(by, await orderByRest(by, project.id, { count: 2, filter: 0 }));
    expect((await dataOf(projectId!)).map(([, image]) => image)).toEqual([address(1_000_000), address(1_000_001)]);
    for (const id of [project.id, projectId!]) expect(await listUploads(connection, id)).toEqual([]);

    if (!has('browser')) return;
    const [task] = (await dataOf(projectId!))[0]!;
    const seen = await look(projectId!, task, /\/api\/generators\//);
    expect(seen.width).toBe(SIDE);
    expect(seen.answers.map(([url]) => url)).toContain(address(1_000_000));
    for (const [, status] of seen.answers) expect(status).toBe(200);
  });

  it.runIf(has('s3'))(
    'IMAGE_DELIVERY=storage: Label Studio reads them from the bucket, and nothing is imported from there',
    async () => {
      const { bucket, prefix, endpoint } = await s3Place();
      const env = { IMAGE_DELIVERY: 'storage', STORAGE_URL: `s3://${bucket}/${prefix}`, S3_ENDPOINT: endpoint };
      const by = await start('delivery-storage', 0, env);
      const project = await ConnectedProject.connect(connection, by, { tasks: 2 });
      await project.learn(0);
      const { projectId, id: dataset } = await completedDataset(by, await orderByRest(by, project.id, { count: 2, filter: 0 }));
      const name = (seed: number) => `s3://${bucket}/${prefix}/pictures/${dataset}/${PORTRAITS_ID.slice(0, 8)}-seed-${seed}.png`;
      const tasks = await dataOf(projectId!);
      expect(tasks.map(([, image]) => image)).toEqual([name(1_000_000), name(1_000_001)]);
      for (const id of [project.id, projectId!]) {
        expect(await listUploads(connection, id)).toEqual([]);
        expect(await listS3Storages(connection, id)).toMatchObject([{ bucket, title: 'DatasetGAN pictures' }]);
      }
      // What a browser is told to load, and gets.
      for (const [i, [task]] of tasks.entries()) {
        const { data } = await connection.json(RESOLVED, { method: 'GET', path: `/api/tasks/${task}/` });
        expect(data.image).toContain(`/tasks/${task}/resolve/`);
        const path = data.image.slice(data.image.indexOf('/tasks/'));
        expect(Buffer.from(await download(connection, path)).equals(await ours(by, 1_000_000 + i))).toBe(true);
      }
      // Somebody presses "Sync" in the storage's settings.
      const [storage] = await listS3Storages(connection, projectId!);
      await connection.done({ method: 'POST', path: `/api/storages/s3/${storage!.id}/sync`, body: {} });
      expect(await seedsOfTasks(connection, projectId!)).toEqual([1_000_000, 1_000_001]);

      if (!has('browser')) return;
      const seen = await look(projectId!, tasks[1]![0], /\/resolve\//);
      expect(seen.width).toBe(SIDE);
      expect(seen.answers.map(([, status]) => status)).toContain(200);
    },
  );
});
