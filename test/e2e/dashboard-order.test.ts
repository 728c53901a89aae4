import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { getProject } from '../../src/label-studio/client/projects.ts';
import { chunks, json } from '../../src/store/rows.ts';
import { axeViolations } from '../support/axe.ts';
import { type BothServers, startBothServers } from '../support/both-servers.ts';
import { launchBrowser } from '../support/browser.ts';
import { ConnectedProject } from '../support/connected-project.ts';
import { dataset } from '../support/dataset-project.ts';
import { has } from '../support/needs.ts';
import { TRACES } from '../support/our-server.ts';
import { describeWithLabelStudio } from '../support/real-label-studio.ts';
import { until } from '../support/until.ts';

const run = promisify(execFile);
const HOSTILE = '<img src=x onerror="document.title=1"> & "a"';
const MANY = 10_000;
/** In the page: the longest time between two frames, in milliseconds, until somebody says that it is enough. */
const WATCH_FRAMES = `new Promise((done) => {
  let [longest, last] = [0, performance.now()];
  const frame = (now) => {
    longest = Math.max(longest, now - last);
    last = now;
    if (document.body.dataset.watched === 'enough') done(longest);
    else requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})`;

describeWithLabelStudio('orders and datasets on the page', () => {
  const test = it.runIf(has('browser'));
  let both: BothServers;
  let project: ConnectedProject;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    if (!has('browser')) return;
    both = await startBothServers({ name: 'dashboard-order' });
    project = await ConnectedProject.connect(both.connection, both.server, { tasks: 2 });
    await project.learn(0);
    browser = await launchBrowser();
    page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true })).newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => complaints.push(`a dialog: ${dialog.message()}`));
    page.on('console', (message) => {
      // A refusal is how the form learns that an order is not possible.
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) complaints.push(message.text());
    });
  });

  afterAll(async () => {
    await browser?.close();
    await both?.stop();
  });

  const address = (hash: string) => `${both.server.url}/${hash}`;
  const idOfPage = () => new URL(page.url()).hash.split('/').at(-1)!;
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  /** Twelve pairs and their files take half a minute where other tests have the cores. */
  const shownState = (state: string) => page.locator('.dataset-state', { hasText: state }).waitFor({ timeout: 90_000 });

  /** As it looks on a desk and on a phone, light and dark: nothing that axe finds, and nothing to scroll sideways. */
  async function look(name: string): Promise<void> {
    for (const scheme of ['light', 'dark'] as const)
      for (const width of [1280, 360]) {
        await page.emulateMedia({ colorScheme: scheme });
        await page.setViewportSize({ width, height: 900 });
        await page.screenshot({ path: join(TRACES, `order-${name}-${width}-${scheme}.png`), fullPage: true });
        expect(await axeViolations(page), `${name}, ${width} px, ${scheme}`).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), `${name} at ${width} px`).toBe(0);
      }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1280, height: 900 });
  }

  test('says what is wrong as it is typed, and what the order takes before it is sent', async () => {
    const { id, host } = await project.detail();
    await page.goto(address(`#/projects/${encodeURIComponent(`${host}|${id}`)}/order`));
    const pairs = page.getByLabel('Pairs', { exact: true });
    await pairs.fill('1.5');
    await page.getByText('This must be a whole number from 1 to 10,000,000.').waitFor();
    await page.getByText('Correct the marked fields first.').waitFor();
    await button('Order').click();
    expect(await page.locator(':focus').inputValue()).toBe('1.5');
    await look('wrong');

    await pairs.fill('12');
    const cost = page.getByRole('heading', { name: 'What it takes' }).locator('..');
    await cost.getByText('14', { exact: true }).waitFor();
    await cost.getByText(/are free/).waitFor();
    // The server's own refusal, before anything is sent.
    await page.getByRole('heading', { name: 'How it is made' }).click();
    await page.getByLabel('Version').selectOption({ index: 0 });
    await page.getByRole('heading', { name: 'Rules' }).click();
    await page.getByRole('checkbox', { name: 'coco', exact: true }).check();
    await page.getByRole('radio', { name: 'A project that is there' }).check();
    await page.getByLabel('Number of the project').fill(String(id));
    await page.getByRole('alert').getByText('cannot take a dataset').waitFor();
    await page.getByRole('radio', { name: 'A new project' }).check();
    await page.getByLabel('Pieces of any label, at most').fill('100');
    await cost.getByText('70', { exact: true }).waitFor();
    await page.getByLabel('Title').fill(HOSTILE);
    await look('form');
  });

  test('follows an order: it runs, pauses, goes on and is complete', async () => {
    both.server.engine.slowDown(400);
    await button('Order').click();
    await page.waitForURL('**/#/datasets/*');
    await page.getByRole('heading', { level: 1, name: HOSTILE }).waitFor();
    await shownState('running');
    await page.getByRole('progressbar').waitFor();
    await button('Pause').click();
    await shownState('paused');
    await look('paused');
    await button('Resume').click();
    await shownState('running');
    both.server.engine.slowDown(0);
    await shownState('complete');
    expect(await dataset(both.server, idOfPage())).toMatchObject({ title: HOSTILE, delivered: 12, state: 'completed' });
  });

  test('shows its pairs, its report, and the way into Label Studio', async () => {
    const sheet = page.getByAltText('The first pairs');
    await sheet.waitFor();
    expect(await sheet.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth)).toBeGreaterThan(200);
    await look('complete');
    await page.getByRole('tab', { name: 'Report' }).click();
    const report = page.frameLocator('iframe[title=Report]');
    await report.getByRole('heading', { level: 1, name: HOSTILE }).waitFor();
    await report.getByRole('heading', { name: 'Before and after' }).waitFor();
    await page.screenshot({ path: join(TRACES, 'order-report.png') });
    await page.getByRole('tab', { name: 'How it was made' }).click();
    await page.getByText((await project.detail()).currentVersion!, { exact: true }).waitFor();
    await page.getByText('1000000', { exact: true }).waitFor();
    await look('settings');
    const { projectId } = await dataset(both.server, idOfPage());
    const link = page.getByRole('link', { name: 'Open its project in Label Studio' });
    expect(await link.getAttribute('href')).toBe(`${both.real.url}/projects/${projectId}/data`);
    expect((await getProject(both.connection, projectId!)).title).toBe(HOSTILE);
  });

  test('gives its files: a zip that opens, with checksums that are right', async () => {
    await page.getByRole('tab', { name: 'Files' }).click();
    await look('files');
    const folder = await mkdtemp(join(tmpdir(), 'datasetgan-zip-'));
    try {
      const begun = page.waitForEvent('download');
      await page.getByRole('link', { name: 'coco as zip' }).click();
      const file = join(folder, 'coco.zip');
      await (await begun).saveAs(file);
      await run('python3', ['-m', 'zipfile', '-e', file, folder]);
      await run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: folder });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('adds pairs, and deletes after asking, with its project', async () => {
    const id = idOfPage();
    const { projectId } = await dataset(both.server, id);
    await page.getByLabel('Pairs to add').fill('0');
    await page.getByText('This must be a whole number from 1').waitFor();
    await page.getByLabel('Pairs to add').fill('3');
    await button('Add pairs').click();
    await until('three more pairs are there', async () => (await dataset(both.server, id)).delivered === 15);
    await shownState('complete');
    await page.getByText('15 of 15').waitFor();

    await button('Delete').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('This cannot be undone.').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await dialog.getByRole('checkbox').check();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL('**/#/datasets');
    await expect(dataset(both.server, id)).rejects.toThrow('unknown-dataset');
    await expect(getProject(both.connection, projectId!)).rejects.toMatchObject({ code: 'label-studio-gone' });
  });

  test(`finds its way in ${MANY.toLocaleString('en')} datasets`, async () => {
    await page.getByRole('heading', { name: 'No dataset yet' }).waitFor();
    await look('empty');
    await manyDatasets();
    await page.reload();
    await page.getByText('1 to 25 of 10,000').waitFor();
    await look('many');
    const frames = await longestFrame(async () => {
      for (let turn = 2; turn < 7; turn++) {
        await button('Next').click();
        await page.getByText(`${turn * 25 - 24} to ${turn * 25} of 10,000`).waitFor();
      }
    });
    await page.getByLabel('State').selectOption('failed');
    await page.getByText('1 to 25 of 2,500').waitFor();
    await page.goto(address('#/datasets?page=400'));
    await page.getByText('9,976 to 10,000 of 10,000').waitFor();
    expect(await page.locator('tbody tr').count()).toBe(25);
    await page.getByRole('link', { name: HOSTILE }).first().click();
    await page.getByRole('heading', { level: 1, name: HOSTILE }).waitFor();
    expect(complaints).toEqual([]);
    console.log(`paging through ${MANY} datasets: longest frame ${frames.toFixed(0)} ms`);
  });

  /** Milliseconds of the longest time between two frames while something is done. */
  async function longestFrame(act: () => Promise<void>): Promise<number> {
    const watched = page.evaluate<number>(WATCH_FRAMES);
    await act();
    await page.evaluate('document.body.dataset.watched = "enough"');
    return watched;
  }

  async function manyDatasets(): Promise<void> {
    const { store } = both.server.product;
    const {
      key,
      generator,
      current_version: version,
    } = await store.db.selectFrom('projects').selectAll().where('ls_id', '=', project.id).executeTakeFirstOrThrow();
    const plan = json({
      generator,
      version,
      psi: 1,
      cutoff: null,
      seedStart: 1_000_000,
      count: 10,
      filter: 0,
      shardSize: 10,
      skippedSeeds: [],
    });
    const choice = json({ tried: 10, passed: 10, refused: {}, kept: 10, dropped: 0, lastSeed: 1_000_009, cut: null });
    const ids = Array.from({ length: MANY }, (_, index) => `many-${index}`);
    for (const some of chunks(ids)) {
      const rows = some.map((id) => ({
        id,
        plan_id: 'many',
        plan,
        project_key: key,
        title: id === 'many-0' ? HOSTILE : `Dataset ${id}`,
        state: Number(id.split('-')[1]) % 4 === 1 ? ('failed' as const) : ('completed' as const),
        delivered: 10,
        candidates: 10,
        folder: '/nowhere',
        origin: json({}),
        created_at: new Date(Date.UTC(2026, 0, 1) + 1000 * Number(id.split('-')[1])),
      }));
      await store.db.insertInto('datasets').values(rows).execute();
      const parts = some.map((id) => ({ dataset_id: id, index: 0, plan_id: 'many', plan, choice }));
      await store.db.insertInto('dataset_parts').values(parts).execute();
    }
  }
});
