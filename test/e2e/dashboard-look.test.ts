import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ProjectDetail } from '../../src/api/answers.ts';
import { decodeIndexPng } from '../../src/masks/png/png.ts';
import { keypointConfig } from '../support/annotator.ts';
import { axeViolations } from '../support/axe.ts';
import { type BothServers, startBothServers } from '../support/both-servers.ts';
import { launchBrowser } from '../support/browser.ts';
import { ConnectedProject } from '../support/connected-project.ts';
import { has } from '../support/needs.ts';
import { type InnerServer, TRACES } from '../support/our-server.ts';
import { describeWithLabelStudio } from '../support/real-label-studio.ts';

const BRUSH =
  '<BrushLabels name="parts" toName="image"><Label value="hair" background="#804000"/><Label value="face"/></BrushLabels>';
const PATIENCE_MS = 120_000;
const HAIR = [0x80, 0x40, 0];
/** What Label Studio's editor chooses for it. */
const FACE = [0x72, 0xa7, 0xbf];

describeWithLabelStudio('the page that shows what versions see', () => {
  const inBrowser = it.runIf(has('browser'));
  let both: BothServers;
  let server: InnerServer;
  let project: ConnectedProject;
  let browser: Browser | undefined;
  let page: Page;
  let versions: string[];
  const complaints: string[] = [];

  beforeAll(async () => {
    both = await startBothServers({ name: 'dashboard-look', fullTraining: true });
    ({ server } = both);
    mkdirSync(TRACES, { recursive: true });
    project = await ConnectedProject.connect(both.connection, server, {
      config: keypointConfig(['nose-tip', 'chin'], BRUSH),
      tasks: 4,
    });
    if (!has('browser')) return;
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  afterAll(async () => {
    await browser?.close();
    await both?.stop();
  });

  const address = (query = '') => `${server.url}/#/projects/${encodeURIComponent(`${both.real.url}|${project.id}`)}/look${query}`;
  const canvases = '.look-gallery canvas';
  const drawnAs = (state: string, count: number) =>
    page
      .locator(`${canvases}[data-state=${state}]`)
      .nth(count - 1)
      .waitFor();
  const seen = (count: number) => drawnAs('seen', count);
  const fetched = async (path: string) => new Uint8Array(await (await fetch(server.url + path)).arrayBuffer());
  const maskOf = async (seed: number, version: string) =>
    (await decodeIndexPng(await fetched(`/api/projects/${project.id}/predictions/${seed}.png?version=${version}`))).data;

  /** RGB of a picture, row-major. */
  async function pictureOf(seed: number): Promise<Uint8Array> {
    const png = await fetched(`/api/generators/portraits-256/images/${seed}.png`);
    return new Uint8Array(await sharp(png).removeAlpha().raw().toBuffer());
  }

  /** RGB of what is drawn, row-major. */
  async function drawn(index: number): Promise<Uint8Array> {
    const canvas = `document.querySelectorAll('${canvases}')[${index}]`;
    const url = await page.evaluate<string>(`${canvas}.toDataURL()`);
    return new Uint8Array(
      await sharp(Buffer.from(url.split(',')[1]!, 'base64'))
        .removeAlpha()
        .raw()
        .toBuffer(),
    );
  }

  /** What should be drawn: labels in these colours, and the picture where there is none. */
  function expected(mask: Uint8Array, picture: Uint8Array, colours: readonly (readonly number[] | undefined)[]): Uint8Array {
    const rgb = picture.slice();
    for (const [pixel, label] of mask.entries()) rgb.set(colours[label] ?? [], 3 * pixel);
    return rgb;
  }

  /** Pixels in which two pictures differ. */
  function differing(one: Uint8Array, other: Uint8Array): number[] {
    const channels = one.length === other.length ? one : [];
    return [...new Set(Array.from(channels, (value, at) => (value === other[at] ? -1 : Math.floor(at / 3))))].filter(
      (pixel) => pixel >= 0,
    );
  }

  /** Waits until a canvas shows exactly that. */
  const shows = (index: number, rgb: Uint8Array) =>
    expect.poll(async () => Buffer.from(await drawn(index)).equals(rgb), { timeout: PATIENCE_MS }).toBe(true);

  inBrowser('before the first version there are pictures, and what to do', async () => {
    await page.goto(address());
    await drawnAs('picture', 4);
    await page.getByText('No version is trained yet').waitFor();
    expect(await page.getByLabel('Version').count()).toBe(0);
    expect(
      await page
        .getByRole('link', { name: /^Task / })
        .first()
        .getAttribute('href'),
    ).toMatch(new RegExp(`^${both.real.url}/projects/${project.id}/data\\?task=`));
  });

  inBrowser('every pixel has the colour of its label, by the opacity and without the labels that are left out', async () => {
    versions = [await project.learn(0), await project.learn(1)];
    await page.goto(address());
    await page.reload();
    await seen(4);
    const { colours } = await server.api<ProjectDetail>('GET', `/api/projects/${project.id}`);
    expect(colours).toEqual({ labels: [null, '#804000', '#72a7bf'], keypoints: ['#ff00ff', '#00ffff'] });
    const [mask, picture] = [await maskOf(0, versions[1]!), await pictureOf(0)];
    expect(new Set(mask)).toEqual(new Set([0, 1, 2]));

    const opacity = page.getByRole('slider');
    await opacity.focus();
    await page.keyboard.press('End');
    await shows(0, expected(mask, picture, [undefined, HAIR, FACE]));
    await page.getByRole('checkbox', { name: 'hair' }).uncheck();
    await shows(0, expected(mask, picture, [undefined, undefined, FACE]));
    await page.getByRole('checkbox', { name: 'Background' }).check();
    await shows(0, expected(mask, picture, [[128, 128, 128], undefined, FACE]));
    await opacity.focus();
    await page.keyboard.press('Home');
    await shows(0, expected(mask, picture, []));
    await page.keyboard.press('End');
    await page.getByRole('button', { name: 'All' }).click();
    await shows(0, expected(mask, picture, [undefined, HAIR, FACE]));
  });

  inBrowser('the page of the project has the first two pictures made, by the addresses of this one', async () => {
    const visitor = await browser!.newPage();
    visitor.setDefaultTimeout(PATIENCE_MS);
    const asked = new Set<string>();
    visitor.on('request', (request) => {
      if (request.url().includes('/images/')) asked.add(request.url());
    });
    const seeds = () =>
      expect.poll(() => [...asked].map((url) => /\d+(?=\.png)/.exec(url)?.[0]).toSorted(), { timeout: PATIENCE_MS });
    await visitor.goto(address().replace(/\/look$/, ''));
    await seeds().toEqual(['0', '1']);
    await visitor.getByRole('link', { name: 'Look at pictures' }).click();
    await visitor.locator(`${canvases}[data-state=seen]`).nth(3).waitFor();
    await seeds().toEqual(['0', '1', '2', '3']);
    await visitor.close();
  });

  inBrowser('the heat map is where the classifiers disagree', async () => {
    await page.getByLabel('Uncertainty').check();
    const path = `/api/projects/${project.id}/predictions/0/uncertainty.png?version=${versions[1]}`;
    const nats = (await decodeIndexPng(await fetched(path))).data;
    const picture = await pictureOf(0);
    const uncertain = Array.from(nats.keys()).filter((pixel) => nats[pixel]! > 0);
    expect(uncertain.some((pixel) => nats[pixel]! > 30)).toBe(true);
    await seen(4);
    const hot = async () => differing(await drawn(0), picture);
    // Where they agree, the picture is as it was.
    await expect.poll(async () => (await hot()).filter((pixel) => nats[pixel] === 0).length, { timeout: PATIENCE_MS }).toBe(0);
    const shown = new Set(await hot());
    expect(uncertain.filter((pixel) => nats[pixel]! > 30 && !shown.has(pixel))).toEqual([]);
    await page.screenshot({ path: join(TRACES, 'dashboard-look-uncertainty.png') });
    await page.getByLabel('Masks').check();
  });

  inBrowser('two versions side by side, and the truth', async () => {
    await page.getByLabel('Beside it').selectOption(versions[0]!);
    await seen(8);
    const picture = await pictureOf(0);
    await shows(1, expected(await maskOf(0, versions[0]!), picture, [undefined, HAIR, FACE]));
    await shows(0, expected(await maskOf(0, versions[1]!), picture, [undefined, HAIR, FACE]));
    expect(page.url()).toContain(`beside=${versions[0]}`);
    expect(await page.getByText(/of the pixels differ/).count()).toBe(4);

    await page.getByLabel('Beside it').selectOption('The truth');
    await seen(8);
    const truth = (await decodeIndexPng(await fetched('/api/generators/portraits-256/truth/0.png'))).data;
    // Of the parts only those that the project has.
    await shows(1, expected(truth, picture, [undefined, HAIR, FACE]));
    const share = await page
      .getByText(/of the pixels differ/)
      .first()
      .textContent();
    const mask = await maskOf(0, versions[1]!);
    const wrong = mask.filter((label, pixel) => label !== (truth[pixel]! < 3 ? truth[pixel] : 0)).length / mask.length;
    expect(share).toBe(`${(100 * wrong).toFixed(1).replace(/\.0$/, '')}% of the pixels differ`);
    await page.screenshot({ path: join(TRACES, 'dashboard-look-truth.png') });
  });

  inBrowser('one picture in large, all of it by keyboard', async () => {
    await page.getByLabel('Beside it').selectOption('');
    const tiles = page.locator('.look-open');
    await tiles.first().focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe('Seed 1: show it in large');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Seed 1' });
    await dialog.waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('dialog', { name: 'Seed 2' }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await dialog.waitFor();
    await page.keyboard.press('+');
    await dialog.getByText('140%').waitFor();
    const width = async () => (await dialog.locator('.look-sheet canvas').boundingBox())!.width;
    const before = await width();
    await dialog.locator('.look-window').hover();
    await page.mouse.wheel(0, -300);
    await expect.poll(width).toBeGreaterThan(before);
    await page.screenshot({ path: join(TRACES, 'dashboard-look-zoom.png') });
    await page.keyboard.press('0');
    await dialog.getByText('100%').waitFor();
    const nose = dialog.getByRole('button', { name: /^nose-tip, \d+% certain$/ });
    await nose.focus();
    const style = (what: string) => page.evaluate<string>(`getComputedStyle(document.activeElement${what}`);
    expect(await style(", '::after').content")).toMatch(/nose-tip/);
    expect(await style(').backgroundColor')).toBe('rgb(255, 0, 255)');
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe('Seed 1: show it in large');
  });

  inBrowser('any seed, page by page, at any psi', async () => {
    await page.getByLabel('Go to seed').fill('7x');
    await page.getByText('A seed is a whole number').waitFor();
    await page.getByLabel('Go to seed').fill('1000');
    await page.keyboard.press('Enter');
    await page.getByText('Seeds 1,000 to 1,023').waitFor();
    await page.getByRole('button', { name: 'Pictures after these' }).click();
    await page.getByText('Seeds 1,024 to 1,047').waitFor();
    await seen(24);
    const own = await drawn(0);
    await page.getByLabel('Psi').fill('0.3');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain('psi=0.3');
    await seen(24);
    expect(await drawn(0)).not.toEqual(own);
    await page.goBack();
    await page.getByText('Seeds 1,024 to 1,047').waitFor();
    await shows(0, own);
  });

  inBrowser('a training goes on while a page is turned again and again', async () => {
    const next = page.getByRole('button', { name: 'Pictures after these' });
    await project.annotate(2);
    let turned = 0;
    // Not until all is measured: a validation waits while somebody turns pages.
    for (let current = versions[1]; current === versions[1]; turned++) {
      await next.click();
      await page.waitForTimeout(300);
      current = (await project.detail()).currentVersion!;
    }
    expect(turned).toBeGreaterThan(3);
    await seen(24);
    await project.idle();
  });

  inBrowser('everyone can use it: light and dark, on a phone, without violations', async () => {
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [1280, 360]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await page.goto(address(`?beside=${versions[0]}`));
        await page.reload();
        await seen(8);
        expect(await axeViolations(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        await page.screenshot({ path: join(TRACES, `dashboard-look-${colorScheme}-${width}.png`), fullPage: true });
      }
    expect(complaints).toEqual([]);
  });
});
