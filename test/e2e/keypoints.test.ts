import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { SeedPrediction, SeedTruth } from '../../src/api/answers.ts';
import { ANNOTATION } from '../../src/label-studio/client/annotations.ts';
import { dataManagerAction } from '../../src/label-studio/client/data-manager-action.ts';
import { listPredictions } from '../../src/label-studio/client/predictions.ts';
import { getProject } from '../../src/label-studio/client/projects.ts';
import { listTasks } from '../../src/label-studio/client/tasks.ts';
import type { Connection } from '../../src/label-studio/connection/connection.ts';
import { parseLabelConfig } from '../../src/label-studio/label-config/parse-label-config.ts';
import { keypointsOfRegions } from '../../src/label-studio/regions/keypoints-of-regions.ts';
import { labelMapOfRegions } from '../../src/label-studio/regions/label-map-of-regions.ts';
import { UNKNOWN } from '../../src/masks/label-map.ts';
import { keypointConfig, SIDE, truthPoints, truthRegions } from '../support/annotator.ts';
import { type BothServers, startBothServers } from '../support/both-servers.ts';
import { launchBrowser, openLabelStudio } from '../support/browser.ts';
import { ConnectedProject } from '../support/connected-project.ts';
import { completedDataset, orderByRest } from '../support/dataset-project.ts';
import { has } from '../support/needs.ts';
import { type InnerServer, TRACES } from '../support/our-server.ts';
import { describeWithLabelStudio } from '../support/real-label-studio.ts';
import { until } from '../support/until.ts';

const POINTS = ['eye-left', 'eye-right', 'mouth-centre', 'chin', 'ear-left'] as const;
const VISIBILITY =
  '<Choices name="visibility" toName="image" perRegion="true"><Choice value="visible"/><Choice value="occluded"/></Choices>';
const BRUSH =
  '<BrushLabels name="parts" toName="image"><Label value="hair" background="#804000"/><Label value="face"/></BrushLabels>';

/** What the editor says of itself. */
interface Editor {
  readonly task: { readonly id: number };
  readonly annotationStore: {
    readonly selected: { readonly regions: readonly { readonly type: string; readonly labels: readonly string[] }[] };
  };
}

const MAGENTA = [255, 0, 255];
const RED = [255, 0, 0];
/** The editor draws points a little transparent. */
const OPAQUE = 60;

describeWithLabelStudio('keypoints', () => {
  const inBrowser = it.runIf(has('browser'));
  let both: BothServers;
  let server: InnerServer;
  let connection: Connection;
  let browser: Browser | undefined;
  let page: Page;
  let alone: ConnectedProject;

  beforeAll(async () => {
    both = await startBothServers({ name: 'keypoints', fullTraining: true, env: { PREDICT_WAIT: '60' } });
    ({ server, connection } = both);
    if (!has('browser')) return;
    mkdirSync(TRACES, { recursive: true });
    browser = await launchBrowser();
    page = await openLabelStudio(browser, both.real);
    page.setDefaultTimeout(120_000);
  });
  afterAll(async () => {
    await browser?.close();
    await both?.stop();
  });

  const shot = (name: string) => page.screenshot({ path: join(TRACES, `keypoints-${name}.png`) });
  const annotationsOf = async (task: number) =>
    connection.json(z.array(ANNOTATION), { method: 'GET', path: `/api/tasks/${task}/annotations/` });

  /** Opens a task, or the label stream, and waits for its picture. */
  async function open(project: ConnectedProject, query: string) {
    await page.goto(`${both.real.url}/projects/${project.id}/data?${query}`);
    await page.getByAltText('image').waitFor();
    await page.locator('canvas').first().waitFor();
    return page.evaluate(() => {
      const { task, annotationStore } = (globalThis as unknown as { Htx: Editor }).Htx;
      const regions = annotationStore.selected.regions.map(({ type, labels }) => ({ type, label: labels[0]! }));
      return { task: task.id, regions };
    });
  }

  /** Where a pixel of the picture is on the screen. */
  async function onScreen({ x, y }: { readonly x: number; readonly y: number }): Promise<[x: number, y: number]> {
    const box = (await page.getByAltText('image').boundingBox())!;
    return [box.x + (x / SIDE) * box.width, box.y + (y / SIDE) * box.height];
  }

  /** Largest difference of a channel, 0 ... 255, between a colour and what is on the screen at a place of the picture. */
  async function differs(place: { readonly x: number; readonly y: number }, colour: readonly number[]): Promise<number> {
    const [x, y] = await onScreen(place);
    const clip = { x: Math.round(x), y: Math.round(y), width: 1, height: 1 };
    const { data } = await sharp(await page.screenshot({ clip }))
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return Math.max(...colour.map((channel, i) => Math.abs(channel - data[i]!)));
  }

  const submit = () =>
    page
      .getByRole('button', { name: /^(submit|update)/i })
      .first()
      .click();

  it('are learnt alone from one picture, and predicted in all others', async () => {
    alone = await ConnectedProject.connect(connection, server, { config: keypointConfig(POINTS, VISIBILITY), tasks: 6 });
    const version = await alone.learn(0);
    const errors: number[] = [];
    for (const [seed, stored] of await alone.predictions()) {
      if (seed === 0) continue;
      const [prediction, ...others] = stored.filter(({ model_version: of }) => of === version);
      expect(others).toEqual([]);
      expect(prediction!.score).toBeGreaterThan(0);
      const { marked, notes } = keypointsOfRegions(prediction!.result, alone.config, SIDE, SIDE);
      expect(notes).toEqual([]);
      for (const { keypoint, x, y } of truthPoints(alone.config, seed)) {
        const found = marked?.[keypoint] ?? null;
        errors.push(found === null ? SIDE : Math.hypot(found.x - x, found.y - y));
      }
      const seen = await server.api<SeedPrediction>('GET', `/api/projects/${alone.id}/predictions/${seed}.json`);
      expect(seen).toMatchObject({ version, width: SIDE, height: SIDE });
      for (const { name, x, y } of seen.keypoints) {
        const pushed = marked![alone.config.keypoints.indexOf(name)]!;
        expect(Math.hypot(pushed.x - x, pushed.y - y)).toBeLessThan(0.05);
      }
    }
    // One picture: most points are within 5 % of the picture's side.
    expect(errors.filter((error) => error <= 0.05 * SIDE).length / errors.length).toBeGreaterThan(0.7);
    expect(await alone.detail()).toMatchObject({
      labels: ['Background'],
      keypoints: POINTS,
      annotations: { counted: 1, notes: [] },
      versions: [{ id: version, keypoints: POINTS }],
    });
    const truth = await server.api<SeedTruth>('GET', '/api/generators/portraits-256/truth/0.json');
    const chin = truthPoints(alone.config, 0).find(({ keypoint }) => keypoint === POINTS.indexOf('chin'));
    expect(truth.keypoints.find(({ name }) => name === 'chin')).toMatchObject({ x: chin!.x, y: chin!.y, visible: true });
  });

  inBrowser('open drawn in the editor, where they were predicted, and can be moved', async () => {
    const { task, regions } = await open(alone, 'labeling=1');
    const [prediction] = await listPredictions(connection, task);
    const { marked } = keypointsOfRegions(prediction!.result, alone.config, SIDE, SIDE);
    const predicted = POINTS.filter((_, keypoint) => marked![keypoint] !== null);
    expect(regions).toEqual(predicted.map((label) => ({ type: 'keypointregion', label })));
    await shot('1-predicted');
    const [left, chin] = [marked![POINTS.indexOf('eye-left')]!, marked![POINTS.indexOf('chin')]!];
    expect(await differs(left, MAGENTA)).toBeLessThan(OPAQUE);
    expect(await differs(chin, RED)).toBeLessThan(OPAQUE);

    const moved = { x: chin.x + 10, y: chin.y + 5 };
    await page.locator('.lsf-outliner-item', { hasText: 'chin' }).first().click();
    await page.mouse.move(...(await onScreen(chin)));
    await page.mouse.down();
    await page.mouse.move(...(await onScreen({ x: chin.x + 5, y: chin.y })), { steps: 4 });
    await page.mouse.move(...(await onScreen(moved)), { steps: 4 });
    await page.mouse.up();
    await shot('2-moved');
    await alone.afterTraining(submit);
    const [annotation] = await annotationsOf(task);
    expect(annotation!.parent_prediction).toBe(prediction!.id);
    const corrected = keypointsOfRegions(annotation!.result, alone.config, SIDE, SIDE).marked!;
    expect(corrected[POINTS.indexOf('chin')]).toMatchObject({ x: expect.closeTo(moved.x, 0), y: expect.closeTo(moved.y, 0) });
    expect(corrected.with(POINTS.indexOf('chin'), null)).toEqual(
      marked!.map((point, i) =>
        point === null || POINTS[i] === 'chin' ? null : { x: expect.closeTo(point.x, 1), y: expect.closeTo(point.y, 1) },
      ),
    );
  });

  inBrowser('are drawn by hand: the last of a label counts, some are occluded, and what is missing is absent', async () => {
    const seed = 5;
    const task = await alone.taskOf(seed);
    await open(alone, `task=${task}`);
    // Nothing of the prediction stays.
    for (const region of await page.locator('.lsf-outliner-item').all()) {
      void region;
      await page.locator('.lsf-outliner-item').first().click();
      await page.keyboard.press('Backspace');
    }
    const places = truthPoints(alone.config, seed);
    const at = (name: (typeof POINTS)[number]) => places.find(({ keypoint }) => keypoint === POINTS.indexOf(name))!;
    const set = async (name: (typeof POINTS)[number], place: { x: number; y: number }) => {
      await page.locator('.lsf-label', { hasText: name }).first().click();
      await page.mouse.click(...(await onScreen(place)));
    };
    await set('eye-left', { x: 20, y: 20 });
    await set('eye-left', at('eye-left'));
    await set('eye-right', at('eye-right'));
    await page.locator('.lsf-outliner-item', { hasText: 'eye-right' }).first().click();
    await page
      .getByText(/^occluded/)
      .first()
      .click();
    await shot('3-by-hand');
    const version = await alone.afterTraining(submit);
    const [annotation] = await annotationsOf(task);
    const { marked } = keypointsOfRegions(annotation!.result, alone.config, SIDE, SIDE);
    expect(marked).toEqual([
      { x: expect.closeTo(at('eye-left').x, 0), y: expect.closeTo(at('eye-left').y, 0) },
      { x: expect.closeTo(at('eye-right').x, 0), y: expect.closeTo(at('eye-right').y, 0), occluded: true },
      null,
      null,
      null,
    ]);
    const { annotations, versions } = await alone.detail();
    expect(annotations).toMatchObject({ notes: [`task ${task}: 'eye-left' has 2 points; the last one counts`] });
    expect(versions[0]).toMatchObject({ id: version, annotatedImages: annotations.counted });
  });

  it('are learnt beside masks, from pictures that have both or one of them', async () => {
    const mixed = await ConnectedProject.connect(connection, server, {
      config: keypointConfig(POINTS, BRUSH),
      tasks: 5,
    });
    const { config } = mixed;
    const all = truthRegions(config, 1) as { readonly type: string }[];
    await mixed.learn(1, { result: all.filter(({ type }) => type === 'brushlabels') });
    await mixed.learn(2, { result: (truthRegions(config, 2) as typeof all).filter(({ type }) => type === 'keypointlabels') });
    const version = await mixed.learn(0);
    expect((await mixed.detail()).annotations).toMatchObject({ counted: 3, rejected: [] });
    const prediction = (await mixed.predictions()).get(4)!.find(({ model_version: of }) => of === version);
    const { marked } = keypointsOfRegions(prediction!.result, config, SIDE, SIDE);
    expect(marked!.filter((point) => point !== null).length).toBeGreaterThan(3);
    const { map, notes } = await labelMapOfRegions(prediction!.result, config, SIDE, SIDE);
    expect([new Set(map.data), notes]).toEqual([new Set([1, 2, UNKNOWN]), []]);

    // Nobody touched it: it teaches nothing.
    await dataManagerAction(connection, mixed.id, 'predictions_to_annotations', [await mixed.taskOf(3)]);
    await server.reconcile(mixed.id);
    await until('it is seen', async () => (await mixed.detail()).annotations.machineMade > 0, { show: () => mixed.detail() });
    expect((await mixed.detail()).annotations.counted).toBe(3);

    const ordered = await orderByRest(server, mixed.id, { count: 3, filter: 0, rules: { present: ['chin'] } });
    const { projectId } = await completedDataset(server, ordered);
    const copy = parseLabelConfig((await getProject(connection, projectId!)).label_config);
    expect(copy.keypoints).toEqual(POINTS);
    for await (const { id } of listTasks(connection, projectId!)) {
      const [pair] = await listPredictions(connection, id);
      const points = keypointsOfRegions(pair!.result, copy, SIDE, SIDE).marked!;
      expect(points[POINTS.indexOf('chin')]).not.toBeNull();
      expect(new Set((await labelMapOfRegions(pair!.result, copy, SIDE, SIDE)).map.data)).toContain(1);
    }

    if (!has('browser')) return;
    const { regions } = await open(mixed, `task=${await mixed.taskOf(4)}`);
    expect(regions.slice(0, 3).map(({ type }) => type)).toEqual(['brushregion', 'brushregion', 'keypointregion']);
    await shot('4-mixed');
    expect(await differs(marked![POINTS.indexOf('eye-left')]!, MAGENTA)).toBeLessThan(OPAQUE);
  });
});
