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
import { has } from '../support/needs.ts';
import { type InnerServer, TRACES } from '../support/our-server.ts';
import { describeWithLabelStudio } from '../support/real-label-studio.ts';
import { nextClick } from '../support/simulated-clicks.ts';
import { until } from '../support/until.ts';

/** What the editor says of itself. */
interface Editor {
  readonly annotationStore: {
    readonly selected: {
      readonly regions: readonly Region[];
      /** What was answered and not accepted yet. */
      readonly suggestions: { values(): Iterable<Region> };
    };
  };
}
interface Region {
  readonly type: string;
  readonly labels: readonly string[];
}

const LABELS = ['hair', 'face', 'eye'].map((label) => `<Label value="${label}"/>`).join('');
const CONFIG = `<View><Image name="image" value="$image"/>
  <BrushLabels name="parts" toName="image" smart="false">${LABELS}</BrushLabels>
  <KeyPointLabels name="clicks" toName="image" smartOnly="true">${LABELS}</KeyPointLabels></View>`;
/** Of the picture's seed that the test clicks into. */
const SEED = 0;

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
  const truthOf = (label: string) => {
    const { data, ...size } = truthMap(project.config, SEED);
    const index = project.config.labels.indexOf(label);
    return { ...size, data: data.map((own) => (own === index ? 1 : 0)) };
  };
  /** Chooses the label of the smart tool, and clicks into the middle of that pixel; gives the mask that is answered. */
  async function click(label: string, pixel: number, inside: boolean): Promise<Uint8Array> {
    await page.locator('.lsf-label', { hasText: label }).nth(1).click();
    if ((await page.locator('.lsf-tool_active.lsf-tool_smart').count()) === 0) await page.keyboard.press('m');
    const image = (await page.getByAltText('image').boundingBox())!;
    const at = (index: number, start: number, size: number) => start + ((index + 0.5) / SIDE) * size;
    const answered = page.waitForResponse((response) => response.url().includes('interactive-annotating'));
    if (!inside) await page.keyboard.down('Alt');
    await page.mouse.click(at(pixel % SIDE, image.x, image.width), at(Math.floor(pixel / SIDE), image.y, image.height));
    if (!inside) await page.keyboard.up('Alt');
    const { data } = z.object({ data: z.object({ result: z.array(z.unknown()) }) }).parse(await (await answered).json());
    return decodePrediction(project.config, data.result).data.map((own) => (own === 0 ? 0 : 1));
  }
  const overlap = (truth: Uint8Array, mask: Uint8Array) => {
    const both = truth.filter((set, pixel) => set === 1 && mask[pixel] === 1).length;
    return both / truth.filter((set, pixel) => set === 1 || mask[pixel] === 1).length;
  };

  test('answers the clicks of the smart keypoint tool with a region that grows better, and learns from it', async () => {
    const task = await project.taskOf(SEED);
    await page.goto(`${both.real.url}/projects/${project.id}/data?task=${task}`);
    await page.getByAltText('image').waitFor();
    await page.locator('canvas').first().waitFor();
    await page.getByText('Auto-Annotation', { exact: true }).click();

    const hair = truthOf('hair');
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

    await project.afterTraining(() =>
      page
        .getByRole('button', { name: /^submit/i })
        .first()
        .click(),
    );
    const [annotation] = await connection.json(z.array(ANNOTATION), { method: 'GET', path: `/api/tasks/${task}/annotations/` });
    expect(decodePrediction(project.config, annotation!.result).data.map((own) => (own === 0 ? 0 : 1))).toEqual(mask);
  });
});
