import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { summariseAnnotation } from '../../src/interpreter/versions/version-id.ts';
import { ANNOTATION } from '../../src/label-studio/client/annotations.ts';
import { modelVersions } from '../../src/label-studio/client/model-versions.ts';
import { getPrediction } from '../../src/label-studio/client/predictions.ts';
import { createProject, getProject } from '../../src/label-studio/client/projects.ts';
import { listTasks } from '../../src/label-studio/client/tasks.ts';
import type { Connection } from '../../src/label-studio/connection/connection.ts';
import type { LabelMap } from '../../src/masks/label-map.ts';
import { brushConfig, decodePrediction, paintedRegions, SIDE, truthMap } from '../support/annotator.ts';
import { type BothServers, startBothServers } from '../support/both-servers.ts';
import { launchBrowser, openLabelStudio } from '../support/browser.ts';
import { BACKEND_TITLE, ConnectedProject } from '../support/connected-project.ts';
import { seedsOfTasks } from '../support/dataset-project.ts';
import { afterTask, editorState, submitAnnotation } from '../support/editor.ts';
import { labelMapOfResult } from '../support/label-map-of-result.ts';
import { has } from '../support/needs.ts';
import { type InnerServer, TRACES } from '../support/our-server.ts';
import { describeWithLabelStudio, type RealLabelStudio } from '../support/real-label-studio.ts';
import { until } from '../support/until.ts';

describeWithLabelStudio('in the browser', () => {
  const test = it.runIf(has('browser'));
  let both: BothServers;
  let real: RealLabelStudio;
  let server: InnerServer;
  let connection: Connection;
  let browser: Browser;
  let page: Page;
  let project: ConnectedProject;

  beforeAll(async () => {
    if (!has('browser')) return;
    mkdirSync(TRACES, { recursive: true });
    // A training takes longer where other tests run beside it.
    both = await startBothServers({ name: 'browser', env: { PREDICT_WAIT: '60' } });
    ({ real, server, connection } = both);
    browser = await launchBrowser();
    page = await openLabelStudio(browser, real);
    page.setDefaultTimeout(120_000);
  });
  afterAll(async () => {
    await browser?.close();
    await both?.stop();
  });

  const shot = (name: string, of: Page = page) => of.screenshot({ path: join(TRACES, `browser-${name}.png`) });
  const submit = () => submitAnnotation(page);
  const editor = (of: Page = page) => editorState(of);

  test('connects by the Settings form, extra_params as text', async () => {
    const { id } = await createProject(connection, { title: 'In the browser', label_config: brushConfig() });
    await page.goto(`${real.url}/projects/${id}/settings/ml`);
    await page.getByText('Connect Model', { exact: true }).click();
    await page.fill('input[name=title]', BACKEND_TITLE);
    await page.fill('input[name=url]', server.url);
    await page.fill('textarea[name=extra_params]', '{"seed_tasks": 4, "orders": true}');
    await shot('1-connect');
    await page.click('button[aria-label="Save machine learning form"]');
    await page.getByText('Connected', { exact: true }).waitFor();
    await shot('2-connected');
    const { backends } = await modelVersions(connection, id);
    expect(backends).toMatchObject([{ title: BACKEND_TITLE, url: server.url }]);
    project = ConnectedProject.of(connection, server, { id, backendId: backends[0]!.id, config: brushConfig() });
    await until('four tasks are seeded', async () => (await project.tasks()).size === 4, { show: () => project.detail() });
    await project.idle();
  });

  test('shows predicted regions in the label stream, and learns from a stroke painted over one of them', async () => {
    const first = await project.learn(0);
    await page.goto(`${real.url}/projects/${project.id}/data?labeling=1`);
    const opened = await editor();
    await shot('3-predicted');
    const stored = await until('its prediction is there', async () =>
      [...(await project.predictions()).values()].flat().find(({ task }) => task === opened.task),
    );
    const predicted = decodePrediction(project.config, stored.result);
    expect(opened).toMatchObject({ type: 'annotation', versions: [first] });
    expect(opened.labels.length).toBeGreaterThan(2);
    expect(opened.labels).toEqual(project.config.labels.filter((_, label) => label > 0 && predicted.data.includes(label)));

    // More of the first region, over one that comes later: by their order alone the later one would keep the pixels.
    const painted = project.config.labels.indexOf(opened.labels[0]!);
    const run = longestRun(predicted, (label) => label > painted);
    const box = (await page.getByAltText('image').boundingBox())!;
    const at = (x: number) => [box.x + ((x + 0.5) / SIDE) * box.width, box.y + ((run.y + 0.5) / SIDE) * box.height] as const;
    await page.locator('.lsf-outliner-item', { hasText: opened.labels[0]! }).first().click();
    const [from, to] = [run.x + Math.round(run.length / 4), run.x + Math.round((3 * run.length) / 4)];
    await page.mouse.move(...at(from));
    await page.mouse.down();
    for (let x = from; x < to; x += 4) await page.mouse.move(...at(x));
    await page.mouse.move(...at(to));
    await page.mouse.up();
    await shot('4-stroke');

    // The editor asks for the next task a moment after the submit. Here that moment is long enough for a machine that is busy otherwise.
    await page.route(/id=next_task/, async (route) => {
      await wait(2000);
      await route.continue();
    });
    const second = await project.afterTraining(submit);
    // The label stream opened the next task while the training was under way. Without a reload it shows the version that came of it.
    await afterTask(page, opened.task);
    expect(await editor()).toMatchObject({ type: 'annotation', versions: [second] });
    await page.unroute(/id=next_task/);
    await shot('5-submitted');
    expect(second).not.toBe(first);
    const path = `/api/tasks/${opened.task}/annotations/`;
    const [annotation, ...others] = await connection.json(z.array(ANNOTATION), { method: 'GET', path });
    expect(others).toEqual([]);
    expect(annotation!.parent_prediction).toBe(stored.id);
    const { result: began } = await getPrediction(connection, stored.id);
    const decoded = (await labelMapOfResult(annotation!.result, project.config, SIDE, SIDE, began)).map;
    const byOrder = (await labelMapOfResult(annotation!.result, project.config, SIDE, SIDE)).map;
    const along = ({ data }: LabelMap) => new Set(data.subarray(run.y * SIDE + from, run.y * SIDE + to + 1));
    expect(along(decoded)).toEqual(new Set([painted]));
    expect(along(byOrder)).not.toContain(painted);
    // Away from the stroke nothing has changed.
    const changed = decoded.data.filter((label, pixel) => label !== predicted.data[pixel]).length;
    expect(changed).toBeGreaterThan(to - from);
    expect(changed).toBeLessThan((to - from) * 30);

    // And that map is what the new version was trained on.
    const row = await server.product.store.db
      .selectFrom('versions')
      .select('record')
      .where('id', '=', second)
      .executeTakeFirstOrThrow();
    const { images } = z.object({ images: z.array(z.object({ annotation: z.string() })) }).parse(row.record);
    const { sha256 } = summariseAnnotation(decoded, project.config.labels.length);
    expect(images.map((image) => image.annotation)).toContain(sha256);
    await until('the next task shows the newer version', async () => (await project.shownVersion()) === second);
  });

  test('orders a dataset by the form, corrects what cannot be, and opens result and report by their links', async () => {
    const orders = await server.api<{ project: number }>('POST', `/api/projects/${project.id}/orders`, {});
    const [order] = await until('the blank order', async () => {
      const tasks = await Array.fromAsync(listTasks(connection, orders.project));
      return tasks.length > 0 && tasks;
    });
    // The form has the versions and labels that there are by now.
    await server.reconcile(orders.project);
    await until('the form offers the labels', async () => {
      const [{ data }] = await Array.fromAsync(listTasks(connection, orders.project, { fields: ['data'], ids: [order!.id] }));
      return JSON.stringify(data).includes('"hair"');
    });
    const list = `${real.url}/projects/${orders.project}/data`;
    await page.goto(list);
    await page.getByText('blank', { exact: true }).waitFor();
    await shot('6-orders');
    expect(await page.getByText(/<p>|alias/).count()).toBe(0);

    await page.goto(`${list}?labeling=1`);
    await page.fill('input[name=count]', '10000000');
    await page.fill('input[name=filter]', '20');
    await page.locator('input[name=psi]').pressSequentially('0.95');
    await page.fill('input[name=title]', 'Ordered in the browser');
    await page.getByText('COCO, instances').click();
    await page.getByText(/where the classifiers disagree much/).click();
    await page.getByText('a label is in more than 3 pieces').click();
    await page.getByText('a label is in more than 3 pieces').click();
    await page
      .getByText('Labels and keypoints that every pair must contain')
      .locator('xpath=following::*[@role="combobox" or self::button][1]')
      .click();
    await page.getByRole('option', { name: 'hair' }).click();
    await page.keyboard.press('Escape');
    // While the list fades out, a click elsewhere only closes it.
    await page.getByRole('option', { name: 'hair' }).waitFor({ state: 'hidden' });
    await shot('7-order');
    await submit();
    const data = async () =>
      (await Array.fromAsync(listTasks(connection, orders.project, { fields: ['data'], ids: [order!.id] })))[0]!.data!;
    const says = (state: string) =>
      until(`the order is ${state}`, async () => String((await data()).order).startsWith(state), { show: data });
    await says('problem');
    await page.goto(`${list}?task=${order!.id}`);
    await page.getByText('Nothing is ordered yet.').waitFor();
    await page.getByText(/are free on the disk/).waitFor();
    // Until the annotation is chosen there is a form for a new one, and what is filled in there is lost.
    await page.getByTestId('bottombar-update-button').waitFor();
    await shot('8-impossible');
    await page.fill('input[name=count]', '4');
    // Label Studio names its Update button so, too.
    await submit();
    await says('completed');

    await page.goto(`${list}?task=${order!.id}`);
    const link = page.getByRole('link', { name: 'Open the dataset' });
    await link.waitFor();
    const preview = page.getByAltText('Pictures and masks side by side');
    await until('the preview is shown', () =>
      preview.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth > 1000),
    );
    await shot('9-ordered');
    const follow = async (name: string) => {
      const [opened] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('link', { name }).click()]);
      return opened;
    };
    const report = await follow('Open the report');
    await report.getByRole('heading', { name: 'Ordered in the browser' }).waitFor();
    // Uncertainty, areas, and ignored pixels.
    expect(await report.locator('svg').count()).toBe(2 + project.config.labels.length);
    expect(await report.getByText('those above 0.5 nats').count()).toBe(1);
    expect(await report.locator('tr', { hasText: 'Truncation psi' }).textContent()).toContain('0.95');
    for (const width of [1280, 1400]) {
      await report.setViewportSize({ width, height: 900 });
      expect(await report.evaluate(cutTexts)).toEqual([]);
      await report.screenshot({ path: join(TRACES, `browser-10-report-${width}.png`), fullPage: true });
    }
    // A pair opens as large as the window, and closes again.
    const pair = report.locator('.pair').first();
    const wide = async () => (await pair.locator('img').first().boundingBox())!.width;
    expect(await wide()).toBeLessThan(200);
    await pair.click();
    expect(await wide()).toBeGreaterThan(500);
    await shot('10-report-pair', report);
    await report.locator('.pair img').first().click();
    expect(await wide()).toBeLessThan(200);

    const address = await page.getByRole('link', { name: 'Download the files' }).getAttribute('href');
    const download = await page.request.get(address!);
    expect([download.status(), download.headers()['content-disposition']]).toEqual([200, expect.stringMatching(/\.zip"?$/)]);
    expect((await download.body()).subarray(0, 2).toString()).toBe('PK');

    const { plan } = await server.product.store.db.selectFrom('datasets').select('plan').executeTakeFirstOrThrow();
    expect(plan).toMatchObject({ rules: { present: [project.config.labels.indexOf('hair')] }, ignoreAbove: 0.5 });
    expect(plan.rules).not.toHaveProperty('pieces');

    const dataset = await follow('Open the dataset');
    await dataset.waitForURL(/\/projects\/\d+\/data/);
    const id = Number(/\/projects\/(\d+)\/data/.exec(dataset.url())![1]);
    expect((await getProject(connection, id)).title).toBe('Ordered in the browser');
    await until('its description says where the report is', async () =>
      (await getProject(connection, id)).description?.endsWith(`Report: ${new URL(report.url()).pathname}`),
    );
    expect(await seedsOfTasks(connection, id)).toHaveLength(4);
    // The tab that it opens with has the pictures beside id and score, on a small screen too.
    await dataset.setViewportSize({ width: 1280, height: 800 });
    await dataset.goto(`${real.url}/projects/${id}/data`);
    const picture = dataset.locator('img[src*="/data/upload/"]').first();
    await picture.waitFor();
    await shot('11-list', dataset);
    const { x, width } = (await picture.boundingBox())!;
    expect([x >= 0, x + width <= 1280]).toEqual([true, true]);
    for (const column of ['ID', 'Prediction score']) {
      // The first of that text may be the button that says how the list is sorted.
      const place = (await dataset.getByText(column, { exact: true }).last().boundingBox())!;
      expect(place.x + place.width).toBeLessThan(x + 1);
    }
    await dataset.goto(`${real.url}/projects/${id}/data?labeling=1`);
    const shown = await editor(dataset);
    await shot('11-dataset', dataset);
    expect(shown.labels.length).toBeGreaterThan(2);
  });

  test('opens the label stream with what is wrong, in the labelling instructions, and no longer when it is mended', async () => {
    // Scribbles suffice where there is a label for the background.
    const config = brushConfig(['background', 'hair']);
    const refused = await ConnectedProject.connect(connection, server, { config, tasks: 3 });
    const regions = paintedRegions(refused.config, truthMap(refused.config, 0));
    await refused.annotate(0, { result: regions.filter((region) => JSON.stringify(region).includes('"hair"')) });
    await refused.idle();
    const other = await openLabelStudio(browser, real);
    other.setDefaultTimeout(120_000);
    const stream = `${real.url}/projects/${refused.id}/data?labeling=1`;
    await other.goto(stream);
    await other.getByText('Labeling Instructions').waitFor();
    await other.getByText(/Nothing to tell apart: only 'hair' is annotated\..*→ Annotate at least two labels/).waitFor();
    await shot('12-told', other);
    await refused.learn(1);
    await until('it is taken back', async () => (await getProject(connection, refused.id)).show_instruction === false);
    await other.goto(stream);
    await editor(other);
    expect(await other.getByText('Labeling Instructions').count()).toBe(0);
    await other.close();
  });
});

/** Texts of pictures on the page that go beyond their picture or the page. Runs in the browser. */
function cutTexts(): string[] {
  interface Box {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  }
  interface Element {
    readonly textContent: string;
    getBoundingClientRect(): Box;
    closest(selector: string): Element;
  }
  const { document, innerWidth } = globalThis as unknown as {
    document: { querySelectorAll(selector: string): Iterable<Element> };
    innerWidth: number;
  };
  return [...document.querySelectorAll('svg text')].flatMap((text) => {
    const [own, around] = [text, text.closest('svg')].map((element) => element.getBoundingClientRect()) as [Box, Box];
    const inside =
      own.left >= around.left &&
      own.right <= Math.min(around.right, innerWidth) &&
      own.top >= around.top &&
      own.bottom <= around.bottom;
    return inside ? [] : [text.textContent];
  });
}

/** The longest horizontal run of one label that passes. */
function longestRun({ data }: LabelMap, passes: (label: number) => boolean): { x: number; y: number; length: number } {
  let best = { x: 0, y: 0, length: 0 };
  let length = 0;
  for (let pixel = 0; pixel < data.length; pixel++) {
    const x = pixel % SIDE;
    const goesOn = x > 0 && data[pixel] === data[pixel - 1];
    length = passes(data[pixel]!) ? (goesOn ? length + 1 : 1) : 0;
    if (length > best.length) best = { x: x - length + 1, y: Math.floor(pixel / SIDE), length };
  }
  return best;
}
