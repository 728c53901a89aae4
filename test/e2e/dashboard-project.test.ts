import { rm } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProjectDetail } from '../../src/api/answers.ts';
import { projectId } from '../../src/dashboard/address.ts';
import { escapeXml } from '../../src/escape-text.ts';
import { patchProject } from '../../src/label-studio/client/projects.ts';
import { Connection } from '../../src/label-studio/connection/connection.ts';
import { parseLabelConfig } from '../../src/label-studio/label-config/parse-label-config.ts';
import { handMadePoints, keypointConfig, paintedRegions, truthMap, truthPoints } from '../support/annotator.ts';
import { launchBrowser } from '../support/browser.ts';
import { ConnectedProject } from '../support/connected-project.ts';
import { makeDataFolder } from '../support/data-folder.ts';
import { lookEverywhere } from '../support/look-everywhere.ts';
import { LARGE_PROJECT, manyRows } from '../support/many-rows.ts';
import { has } from '../support/needs.ts';
import { freePort, type InnerServer, startInnerServer } from '../support/our-server.ts';
import { type RealLabelStudio, startRealLabelStudio } from '../support/real-label-studio.ts';

const HOSTILE_LABEL = `<img src=x onerror="document.title='pwned'">`;
const HOSTILE_TITLE = `"><script>document.title='pwned'</script>`;
const BRUSH = '<BrushLabels name="tag" toName="image"><Label value="hair"/><Label value="face"/></BrushLabels>';
const PLAIN = keypointConfig(['nose-tip', 'chin'], BRUSH);
const CONFIG = PLAIN.replace('"face"', `"${escapeXml(HOSTILE_LABEL)}"`);
const TASKS = 8;
/** In the browser: keeps the longest time between two frames, in milliseconds. */
const WATCH_FRAMES = `
  let last = performance.now();
  globalThis.longestFrame = 0;
  const frame = (now) => {
    longestFrame = Math.max(longestFrame, now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
`;

/** One page of one browser stays open from the empty server to the last version: what it shows comes without a reload. */
describe.runIf(has('labelStudio') && has('browser'))('the start page and the page of a project', () => {
  let real: RealLabelStudio;
  let connection: Connection;
  let dataDir: string;
  let port: number;
  let server: InnerServer;
  let browser: Browser;
  let page: Page;
  let project: ConnectedProject;
  const complaints: string[] = [];

  beforeAll(async () => {
    real = await startRealLabelStudio();
    connection = new Connection({ base: real.url, key: real.personalAccessToken });
    dataDir = await makeDataFolder('e2e');
    port = await freePort();
    server = await start();
    browser = await launchBrowser();
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
    page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // While the server is restarted, nobody answers.
      if (message.type() === 'error' && !/ERR_(CONNECTION_REFUSED|INCOMPLETE)/.test(message.text()))
        complaints.push(message.text());
    });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await real?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const start = () =>
    startInnerServer({ name: 'dashboard-project', labelStudio: real.url, key: real.personalAccessToken, dataDir, port });
  /** Paints hair, and the face under its hostile name, and marks two points. */
  const learn = (seed: number) => {
    const [config, plain] = [parseLabelConfig(CONFIG), parseLabelConfig(PLAIN)];
    const points = handMadePoints(config, truthPoints(plain, seed));
    return project.learn(seed, { result: [...paintedRegions(config, truthMap(plain, seed)), ...points] });
  };
  const tab = (name: string) => page.getByRole('tab', { name }).click();
  const rowsOf = (caption: string) => page.getByRole('table', { name: caption, includeHidden: true }).locator('tbody tr');
  const seen = <T>(look: () => Promise<T>) => expect.poll(look, { timeout: 60_000 });
  /** Points of the curve, without the forecast after them. */
  const pointCount = () =>
    seen(async () => {
      const cells = await rowsOf('mIoU by annotated pictures').locator('td:nth-child(2)').allTextContents();
      return cells.filter((cell) => cell !== '–').length;
    });

  test('a new user is told how to connect, and once that is done, where to label', async () => {
    await page.goto(server.url);
    const step = page.locator('[aria-current=step]');
    await seen(() => step.textContent()).toContain(server.url);
    await lookEverywhere(page, 'start-empty');
    project = await ConnectedProject.connect(connection, server, { tasks: TASKS, config: CONFIG });
    const link = step.getByRole('link', { name: 'Label pictures' });
    await link.waitFor();
    expect(await link.getAttribute('href')).toBe(`${real.url}/projects/${project.id}/data?labeling=1`);
    // Its title in Label Studio, and then here.
    await patchProject(connection, project.id, { title: HOSTILE_TITLE.slice(0, 50) });
    await server.reconcile(project.id);
    await page.getByRole('link', { name: HOSTILE_TITLE.slice(0, 50), exact: true }).click();
    await page.getByRole('heading', { level: 1, name: HOSTILE_TITLE.slice(0, 50) }).waitFor();
    await page.getByRole('heading', { name: 'Nothing is measured yet' }).waitFor();
    await lookEverywhere(page, 'project-empty');
  });

  test('the curve grows with each annotated picture, and then has a forecast', async () => {
    await Promise.all([page.locator('.progress').first().waitFor(), learn(0)]);
    for (const seed of [1, 2, 3]) {
      await learn(seed);
      await pointCount().toBe(seed);
    }
    await page.getByText(/^With 4 annotated pictures the mIoU is 0\.\d\d\. 8 more would bring it to about/).waitFor();
    await seen(() => rowsOf('Keypoints found').filter({ hasText: 'nose-tip' }).count()).toBe(1);
    await lookEverywhere(page, 'project-quality');
  });

  test('a hostile label is a text like any other, in tables, charts and counts', async () => {
    const names = await page.getByRole('table', { name: 'IoU by label', includeHidden: true }).locator('th').allTextContents();
    expect(names).toContain(HOSTILE_LABEL);
    await tab('Predictions');
    await page.getByRole('heading', { name: HOSTILE_LABEL }).waitFor();
    expect(await page.getByText(/^How far the classifiers disagree, over \d+ predicted pictures/).count()).toBe(1);
    await lookEverywhere(page, 'project-predictions');
    expect(await page.title()).toBe('DatasetGAN');
  });

  test('what was read of the annotations is counted, and each task that is named is a link', async () => {
    await tab('Annotations');
    await seen(() => page.locator('[role=tabpanel] dd').first().textContent()).toBe('4');
    const { slips } = await project.detail();
    for (const { task, url } of [...slips.regions, ...slips.points])
      expect(
        await page
          .getByRole('link', { name: `task ${task} ` })
          .first()
          .getAttribute('href'),
      ).toBe(url);
    await lookEverywhere(page, 'project-annotations');
  });

  test('an older version is activated by keyboard', async () => {
    await tab('Versions');
    await seen(() => rowsOf('Versions').count()).toBe(4);
    const [newest, before] = (await project.detail()).versions;
    await page.getByRole('button', { name: `Activate ${before!.id}` }).focus();
    await page.keyboard.press('Enter');
    await page.getByText(`${before!.id} is the current version now.`).waitFor();
    await seen(() => rowsOf('Versions').first().textContent()).toContain(before!.id);
    expect((await project.detail()).currentVersion).toBe(before!.id);
    await page.getByRole('button', { name: `Activate ${newest!.id}` }).waitFor();
    await lookEverywhere(page, 'project-versions');
    await project.idle();
  });

  test('more pictures, a training and the orders project are asked for; what cannot be is told as it is typed', async () => {
    await page.getByText('Make more pictures', { exact: true }).click();
    const [count, candidates] = [page.getByLabel('Pictures to add'), page.getByLabel('Choose them from so many')];
    const send = page.getByRole('button', { name: 'Make them' });
    await count.fill('2');
    await candidates.fill('1');
    expect(await candidates.getAttribute('aria-invalid')).toBe('true');
    expect(await send.isDisabled()).toBe(true);
    await candidates.fill('4');
    await send.click();
    await page.getByText('2 more pictures were asked for.').waitFor();
    await seen(async () => (await project.detail()).seededTasks).toBe(TASKS + 2);
    await page.getByRole('button', { name: 'Train now' }).click();
    await page.getByText('A training was asked for.').waitFor();
    await page.getByRole('button', { name: 'Order inside Label Studio' }).click();
    const orders = page.getByRole('link', { name: 'Open the orders project' });
    await orders.waitFor();
    expect(await orders.getAttribute('href')).toMatch(new RegExp(`^${real.url}/projects/\\d+/data$`));
    await project.idle();
  });

  test('the server is restarted, and the open page goes on', async () => {
    await tab('Quality');
    await server.stop();
    await page.getByText('The server does not tell of changes right now.').waitFor();
    server = await start();
    project = ConnectedProject.of(connection, server, { id: project.id, backendId: project.backendId, config: CONFIG });
    await learn(4);
    await pointCount().toBe(4);
  });

  test('500 projects and 2,000 versions: searched, paged, and the browser stays quick', async () => {
    await manyRows(server.product, { projects: 500, versions: 2000 });
    await page.goto(`${server.url}/#/`);
    await page.getByText('502 of 502 projects').waitFor();
    await page.evaluate(WATCH_FRAMES);
    await page.getByRole('searchbox').pressSequentially('old portraits 499');
    await page.getByText('1 of 502 projects').waitFor();
    await page.getByRole('searchbox').fill('');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('searchbox').fill('Old portraits 1');
    await page.getByRole('link', { name: 'Old portraits 1', exact: true }).click();
    await page.getByText(/^With 101 annotated pictures/).waitFor();
    await tab('Versions');
    for (let turns = 0; turns < 3; turns++) await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Page 4 of 100', { exact: true }).waitFor();
    await seen(() => rowsOf('Versions').count()).toBe(20);
    await seen(() => rowsOf('Versions').first().textContent()).toContain('dg-000000000793');
    await tab('Annotations');
    const named = page.getByRole('link', { name: 'Task 7 ' }).first();
    expect(await named.getAttribute('href')).toBe(`${LARGE_PROJECT.host}/projects/1/data?task=7`);
    await page.getByRole('button', { name: 'Show all 100' }).click();
    await page.getByRole('link', { name: 'Task 100 ' }).waitFor();
    expect(await rowsOf('Regions that look like another label').allTextContents()).toHaveLength(20);
    expect(await rowsOf('Agreement of annotators').first().textContent()).toContain('IoU 0.80');
    const longest = await page.evaluate<number>('longestFrame');
    console.log(`longest frame with 500 projects and 2,000 versions: ${longest.toFixed(0)} ms (wanted: at most 100 ms)`);
    const detail = await server.api<ProjectDetail>('GET', `/api/projects/${encodeURIComponent(projectId(LARGE_PROJECT))}`);
    expect(detail).toMatchObject({ versionCount: 2000, versions: { length: 20 } });
    await lookEverywhere(page, 'project-large-annotations');
    await tab('Versions');
    await lookEverywhere(page, 'project-large');
    await page.goto(`${server.url}/#/`);
    await page.getByText('502 of 502 projects').waitFor();
    await lookEverywhere(page, 'start-large');
    expect(complaints).toEqual([]);
  });
});
