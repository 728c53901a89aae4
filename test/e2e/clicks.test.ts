import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { ANNOTATION } from '../../src/label-studio/client/annotations.ts';
import { createMlBackend } from '../../src/label-studio/client/ml-backends.ts';
import { createProject } from '../../src/label-studio/client/projects.ts';
import type { Connection } from '../../src/label-studio/connection/connection.ts';
import { decodePrediction, SIDE, truthMap } from '../support/annotator.ts';
import { type BothServers, startBothServers } from '../support/both-servers.ts';
import { launchBrowser, openLabelStudio } from '../support/browser.ts';
import { BACKEND_TITLE, ConnectedProject } from '../support/connected-project.ts';
import { submitAnnotation } from '../support/editor.ts';
import { has } from '../support/needs.ts';
import { type InnerServer, TRACES } from '../support/our-server.ts';
import { describeWithLabelStudio } from '../support/real-label-studio.ts';
import { nextClick } from '../support/simulated-clicks.ts';
import { until } from '../support/until.ts';

/** What the editor says of itself. */
interface Editor {
  readonly autoAnnotation: boolean;
  readonly annotationStore: {
    readonly selected: {
      readonly regions: readonly Region[];
      /** What was answered and not accepted yet. */
      readonly suggestions: { values(): Iterable<Region> };
      readonly names: { get(name: string): Picture };
    };
  };
}
interface Picture {
  getToolsManager(): { findSelectedTool(): { readonly fullName: string } | undefined };
}
interface Region {
  readonly type: string;
  readonly labels: readonly string[];
}

const LABELS = ['hair', 'face', 'eye'].map((label) => `<Label value="${label}"/>`).join('');
const CONFIG = `<View><Image name="image" value="$image"/>
  <BrushLabels name="parts" toName="image" smart="false">${LABELS}</BrushLabels>
  <KeyPointLabels name="clicks" toName="image" smartOnly="true">${LABELS}</KeyPointLabels>
  <RectangleLabels name="boxes" toName="image" smartOnly="true">${LABELS}</RectangleLabels></View>`;
/** By tool: the seed of the picture that it is used on, and where its labels are among those of the config. */
const CLICKED = { seed: 0, labels: 1, tool: 'KeyPointTool-dynamic', button: 'key-point-tool' } as const;
const BOXED = { seed: 1, labels: 2, tool: 'RectangleTool-dynamic', button: 'rectangle-tool' } as const;
type Prompted = typeof CLICKED | typeof BOXED;
/** Boxes that are no prompts, but weak masks. */
const WEAK_CONFIG = `<View><Image name="image" value="$image"/>
  <BrushLabels name="parts" toName="image">${LABELS}</BrushLabels>
  <RectangleLabels name="boxes" toName="image">${LABELS}</RectangleLabels></View>`;
const WEAK_SEED = 0;

describeWithLabelStudio('clicks in the browser', () => {
  const test = it.runIf(has('browser'));
  let both: BothServers;
  let server: InnerServer;
  let connection: Connection;
  let browser: Browser;
  let page: Page;
  let project: ConnectedProject;

  beforeAll(async () => {
    if (!has('browser')) return;
    mkdirSync(TRACES, { recursive: true });
    both = await startBothServers({ name: 'clicks' });
    ({ server, connection } = both);
    const { id } = await createProject(connection, { title: 'Clicks', label_config: CONFIG });
    const extra_params = { seed_tasks: 2 };
    const backend = { url: server.url, title: BACKEND_TITLE, extra_params, is_interactive: true };
    const { id: backendId } = await createMlBackend(connection, id, backend);
    project = ConnectedProject.of(connection, server, { id, backendId, config: CONFIG });
    await until('two tasks are seeded', async () => (await project.tasks()).size === 2, { show: () => project.detail() });
    await project.idle();
    browser = await launchBrowser();
    page = await openLabelStudio(browser, both.real);
    // So high that the labels below the picture need no scrolling, which would move the picture.
    await page.setViewportSize({ width: 1400, height: 1200 });
    page.setDefaultTimeout(120_000);
  });
  afterAll(async () => {
    await browser?.close();
    await both?.stop();
  });

  const shot = (name: string) => page.screenshot({ path: join(TRACES, `clicks-${name}.png`) });
  const drawn = () =>
    page.evaluate(() => {
      const { regions, suggestions } = (globalThis as unknown as { Htx: Editor }).Htx.annotationStore.selected;
      const shown = ({ type, labels }: Region) => `${type} ${labels.join()}`;
      return { regions: regions.map(shown), suggestions: [...suggestions.values()].map(shown) };
    });
  const truthOf = (label: string, seed: number) => {
    const { data, ...size } = truthMap(project.config, seed);
    const index = project.config.labels.indexOf(label);
    return { ...size, data: data.map((own) => (own === index ? 1 : 0)) };
  };
  async function open(of: ConnectedProject, seed: number): Promise<number> {
    const task = await of.taskOf(seed);
    await page.goto(`${both.real.url}/projects/${of.id}/data?task=${task}`);
    await page.getByAltText('image').waitFor();
    await page.locator('canvas').first().waitFor();
    return task;
  }
  /** The editor remembers it from one picture to the next. */
  async function openForPrompts({ seed }: Prompted): Promise<number> {
    const task = await open(project, seed);
    const isOn = await page.evaluate(() => (globalThis as unknown as { Htx: Editor }).Htx.autoAnnotation);
    if (!isOn) await page.getByText('Auto-Annotation', { exact: true }).click();
    return task;
  }
  const tool = () =>
    page.evaluate(() => {
      const { names } = (globalThis as unknown as { Htx: Editor }).Htx.annotationStore.selected;
      return names.get('image').getToolsManager().findSelectedTool()?.fullName;
    });
  /** Chooses a smart tool, which are in a menu beside the first of them, and its label. */
  async function take({ labels, tool: wanted, button }: Prompted, label: string): Promise<void> {
    if ((await tool()) !== wanted) {
      await page.locator('.lsf-tool_smart').first().hover();
      await page.locator('.lsf-toolbar__smart').getByLabel(button, { exact: true }).click();
    }
    await page.locator('.lsf-label', { hasText: label }).nth(labels).click();
    expect(await tool()).toBe(wanted);
  }
  type Place = [x: number, y: number];
  /** From pixels of the picture to places on the page. */
  async function placesOnPage(): Promise<(x: number, y: number) => Place> {
    const image = (await page.getByAltText('image').boundingBox())!;
    return (x, y) => [image.x + (x / SIDE) * image.width, image.y + (y / SIDE) * image.height];
  }
  /** Points at the picture, and gives the mask that is answered. */
  async function answerTo(point: (at: (x: number, y: number) => Place) => Promise<void>): Promise<Uint8Array> {
    const answered = page.waitForResponse((response) => response.url().includes('interactive-annotating'));
    await point(await placesOnPage());
    const { data } = z.object({ data: z.object({ result: z.array(z.unknown()) }) }).parse(await (await answered).json());
    return decodePrediction(project.config, data.result).data.map((own) => (own === 0 ? 0 : 1));
  }
  /** From the first place to the last, in steps as a hand makes them. */
  async function drag(places: readonly Place[]): Promise<void> {
    await page.mouse.move(...places[0]!);
    await page.mouse.down();
    for (const place of places.slice(1)) await page.mouse.move(...place, { steps: 4 });
    await page.mouse.up();
  }
  /** Chooses the label of the smart tool, and clicks into the middle of that pixel. */
  async function click(label: string, pixel: number, inside: boolean): Promise<Uint8Array> {
    await take(CLICKED, label);
    return answerTo(async (at) => {
      if (!inside) await page.keyboard.down('Alt');
      await page.mouse.click(...at((pixel % SIDE) + 0.5, Math.floor(pixel / SIDE) + 0.5));
      if (!inside) await page.keyboard.up('Alt');
    });
  }
  const overlap = (truth: Uint8Array, mask: Uint8Array) => {
    const both = truth.filter((set, pixel) => set === 1 && mask[pixel] === 1).length;
    return both / truth.filter((set, pixel) => set === 1 || mask[pixel] === 1).length;
  };

  test('answers the clicks of the smart keypoint tool with a region that grows better, and learns from it', async () => {
    const task = await openForPrompts(CLICKED);
    const hair = truthOf('hair', CLICKED.seed);
    let mask = new Uint8Array(hair.data.length);
    const overlaps: number[] = [];
    for (let i = 0; i < 4; i++) {
      const next = nextClick(hair, mask)!;
      mask = Uint8Array.from(await click('hair', next.pixel, next.inside));
      expect(mask[next.pixel]).toBe(Number(next.inside));
      overlaps.push(overlap(hair.data, mask));
      await page.getByText('1 suggestions').waitFor();
      await shot(`${i + 1}`);
    }
    expect(overlaps.at(-1)).toBeGreaterThan(0.7);
    expect(overlaps.at(-1)).toBeGreaterThan(overlaps[0]!);
    expect(await drawn()).toEqual({
      regions: Array.from({ length: 4 }, () => 'keypointregion hair'),
      suggestions: ['brushregion hair'],
    });

    await page.getByTestId('bottombar-accept-suggestions-button').click();
    await until('the clicks became a region', async () => (await drawn()).suggestions.length === 0);
    expect(await drawn()).toEqual({ regions: ['brushregion hair'], suggestions: [] });
    await shot('accepted');

    await project.afterTraining(() => submitAnnotation(page));
    const [annotation] = await connection.json(z.array(ANNOTATION), { method: 'GET', path: `/api/tasks/${task}/annotations/` });
    expect(decodePrediction(project.config, annotation!.result).data.map((own) => (own === 0 ? 0 : 1))).toEqual(mask);
  });

  test('answers a box with a region within it, which becomes one of the label', async () => {
    await openForPrompts(BOXED);
    // What the version predicts.
    const { regions: before } = await drawn();
    const face = truthOf('face', BOXED.seed);
    const { left, top, right, bottom } = boxAround(face.data);
    await take(BOXED, 'face');
    const mask = await answerTo((at) => drag([at(left, top), at((left + right) / 2, (top + bottom) / 2), at(right, bottom)]));
    await page.getByText('1 suggestions').waitFor();
    await shot('box');
    const near = (pixel: number) => {
      const [x, y] = [pixel % SIDE, Math.floor(pixel / SIDE)];
      return x >= left - 2 && x < right + 2 && y >= top - 2 && y < bottom + 2;
    };
    expect(mask.every((set, pixel) => set === 0 || near(pixel))).toBe(true);
    expect(overlap(face.data, mask)).toBeGreaterThan(0.4);
    expect(await drawn()).toEqual({ regions: [...before, 'rectangleregion face'], suggestions: ['brushregion face'] });
    await page.getByTestId('bottombar-accept-suggestions-button').click();
    await until('the box became a region', async () => (await drawn()).suggestions.length === 0);
    expect(await drawn()).toEqual({ regions: [...before, 'brushregion face'], suggestions: [] });
  });

  test('learns from boxes that are weak masks, and predicts masks', async () => {
    const weak = await ConnectedProject.connect(connection, server, { tasks: 2, config: WEAK_CONFIG });
    const task = await open(weak, WEAK_SEED);
    // The inner box first: a drag that begins in a box moves it.
    for (const label of ['face', 'hair'] as const) {
      const { left, top, right, bottom } = boxAround(truthOf(label, WEAK_SEED).data);
      await page.locator('.lsf-label', { hasText: label }).nth(1).click();
      const at = await placesOnPage();
      await drag([at(left, top), at((left + right) / 2, (top + bottom) / 2), at(right, bottom)]);
    }
    await shot('weak-boxes');
    expect(await drawn()).toEqual({ regions: ['rectangleregion face', 'rectangleregion hair'], suggestions: [] });
    const version = await weak.afterTraining(() => submitAnnotation(page));
    const row = await server.product.store.db
      .selectFrom('versions')
      .select('record')
      .where('id', '=', version)
      .executeTakeFirstOrThrow();
    const { images, notes } = z
      .object({ images: z.array(z.object({ boxes: z.array(z.object({ label: z.int() })) })), notes: z.array(z.string()) })
      .parse(row.record);
    expect(images.map(({ boxes }) => boxes.map(({ label }) => weak.config.labels[label]))).toEqual([['hair', 'face']]);
    expect(notes).toContainEqual(expect.stringMatching(/^Of the pixels in boxes \d+ % were learnt/));
    expect((await weak.detail()).annotations.notes).toEqual([
      '1 picture has boxes: what is outside of all boxes and not painted counts as background',
    ]);
    const [prediction] = [...(await weak.predictions()).values()].flat().filter((one) => one.task !== task);
    const { data } = decodePrediction(weak.config, prediction!.result);
    const hair = weak.config.labels.indexOf('hair');
    const truth = truthMap(weak.config, 1).data.map((label) => (label === hair ? 1 : 0));
    expect(
      overlap(
        truth,
        data.map((label) => (label === hair ? 1 : 0)),
      ),
    ).toBeGreaterThan(0.5);
  });
});

/** Just outside of the pixels that are set. */
function boxAround(data: Uint8Array): { left: number; top: number; right: number; bottom: number } {
  const pixels = [...data.keys()].filter((pixel) => data[pixel] === 1);
  const [xs, ys] = [pixels.map((pixel) => pixel % SIDE), pixels.map((pixel) => Math.floor(pixel / SIDE))];
  return { left: Math.min(...xs) - 1, top: Math.min(...ys) - 1, right: Math.max(...xs) + 2, bottom: Math.max(...ys) + 2 };
}
