import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GeneratorSummary, Job } from '../../src/api/answers.ts';
import { presentWorker } from '../../src/jobs/worker-presence.ts';
import { axeViolations } from '../support/axe.ts';
import { type BothServers, startBothServers } from '../support/both-servers.ts';
import { launchBrowser } from '../support/browser.ts';
import { adaFile } from '../support/checkpoint-writers/stylegan2-files.ts';
import { ConnectedProject } from '../support/connected-project.ts';
import { has } from '../support/needs.ts';
import { TRACES } from '../support/our-server.ts';
import { TINY_SETTINGS, tinyStylegan2 } from '../support/tiny-stylegan2.ts';
import { until } from '../support/until.ts';

const CATS = Buffer.from(adaFile(tinyStylegan2({ noise: true, channels: [4, 4, 3, 2] }), TINY_SETTINGS));
const CLASSED = Buffer.from(adaFile(tinyStylegan2({ noise: true, classes: 3 }), TINY_SETTINGS));
const HOSTILE = '<img src=x onerror=alert(1)>.pkl';

/** Generators and health in a real browser, with a real Label Studio: from a file of one's own to pictures, and what the doctor finds. */
describe.runIf(has('browser') && has('labelStudio'))('generators and health', () => {
  let both: BothServers;
  let browser: Browser;
  let page: Page;
  let dataDir: string;
  const complaints: string[] = [];

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'dashboard-generators-'));
    [both, browser] = await Promise.all([
      startBothServers({ name: 'dashboard-generators', dataDir, env: { UPLOAD_LIMIT: '2MB' } }),
      launchBrowser(),
    ]);
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => complaints.push(dialog.message()));
    await mkdir(TRACES, { recursive: true });
  });

  afterAll(async () => {
    await browser?.close();
    await both?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const open = async (hash: string, heading: string) => {
    // Another document, so that no test depends on what the one before left.
    await page.goto('about:blank');
    await page.goto(`${both.server.url}/${hash}`);
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  };
  const choose = (name: string, buffer: Buffer) =>
    page.getByLabel('File', { exact: true }).setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
  const begin = () => page.getByRole('button', { name: 'Import', exact: true }).click();
  const uploads = () => readdir(join(dataDir, 'uploads'));
  const ended = ({ id }: Job) =>
    until('the import has ended', async () => (await both.server.api<Job>('GET', `/api/jobs/${id}`)).state === 'completed');

  /** At both widths, in light and dark: nothing against accessibility, no sideways scrolling, and a picture to look at. */
  async function expectGoodLooks(name: string): Promise<void> {
    for (const width of [1280, 360])
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        expect(await axeViolations(page)).toEqual([]);
        expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
        await page.screenshot({ path: join(TRACES, `${name}-${width}-${colorScheme}.png`), fullPage: true });
      }
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
  }

  test('a file of the reader becomes a generator, with its report', async () => {
    await open('#/generators', 'Generators');
    await page.getByRole('link', { name: 'portraits-256' }).waitFor();
    await choose('My cats.pkl', CATS);
    await page.getByLabel('Name').fill('Cats!');
    await begin();
    await page.getByText('Use 1 to 64 characters').waitFor();
    expect(await page.getByLabel('Name').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Name').fill('cats');
    await page.getByLabel('Licence of the weights').fill('our own data');
    await page.getByText('More options').click();
    await page.getByLabel('Truncation psi').fill('0.9');
    await begin();
    await page.getByRole('link', { name: 'Open cats' }).waitFor();
    await page.getByText('My cats.pkl, ').waitFor();
    await page.getByRole('link', { name: 'cats', exact: true }).waitFor();
    const [, cats] = await both.server.api<GeneratorSummary[]>('GET', '/api/generators');
    expect(cats).toMatchObject({ name: 'cats', psi: 0.9, licence: 'our own data' });
    expect(await uploads()).toEqual([]);
  });

  test('a refusal says what is wrong and what to do, whatever the file is called', async () => {
    await choose(HOSTILE, Buffer.from('<!DOCTYPE html><html><body>Sign in</body></html>'));
    await begin();
    const section = page.getByRole('region', { name: `Import of ${HOSTILE}` });
    await section.getByText('The file is a web page').waitFor();
    await section.getByText('download again').waitFor();
    await expectGoodLooks('generators');
    await page.getByRole('radio', { name: "On the server's disk" }).check();
    await page.getByLabel('Path', { exact: true }).fill('/nowhere/cats.pkl');
    await begin();
    await page.getByRole('region', { name: 'Import of /nowhere/cats.pkl' }).getByText('cannot be read').waitFor();
  });

  test('imports that failed are still there in another document, until the reader closes them', async () => {
    await open('#/generators', 'Generators');
    const left = page.getByRole('region', { name: 'Import of cats.pkl failed' });
    await left.getByText('cannot be read').waitFor();
    await page.getByText('The file is a web page').waitFor();
    await expectGoodLooks('generators-failed');
    await left.getByRole('button', { name: 'Close' }).click();
    await left.waitFor({ state: 'hidden' });
    await open('#/generators', 'Generators');
    await page.getByText('The file is a web page').waitFor();
    expect(await left.count()).toBe(0);
  });

  test('a file above the limit is not even sent', async () => {
    await open('#/generators', 'Generators');
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.url()));
    await choose('large.pkl', Buffer.alloc(2_500_000));
    await page.getByText('This file has 2.5 MB. The limit is 2 MB').waitFor();
    await begin();
    expect(sent.filter((url) => url.includes('upload'))).toEqual([]);
  });

  test('an upload says how far it is, and leaves nothing when it is cancelled', async () => {
    await open('#/generators', 'Generators');
    const network = await page.context().newCDPSession(page);
    const conditions = { offline: false, latency: 0, downloadThroughput: -1 };
    await network.send('Network.emulateNetworkConditions', { ...conditions, uploadThroughput: 200_000 });
    await choose('slow.pkl', Buffer.alloc(1_900_000, 1));
    await begin();
    const section = page.getByRole('region', { name: 'Import of slow.pkl' });
    await section.getByText(/^[1-9]\d* kB of 1\.9 MB, [1-9]/).waitFor();
    await until('some of it is there', async () => (await uploads()).length === 1, { every: 50 });
    await section.getByRole('button', { name: 'Cancel the upload' }).click();
    await section.waitFor({ state: 'hidden' });
    await until('nothing is left of it', async () => (await uploads()).length === 0, { every: 50 });
    await network.send('Network.emulateNetworkConditions', { ...conditions, uploadThroughput: -1 });
  });

  test('pictures follow the sliders once these rest, and mix', async () => {
    await open('#/generators/portraits-256', 'portraits-256');
    const asked: URL[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/images/')) asked.push(new URL(request.url()));
    });
    const picture = page.getByRole('img', { name: 'Picture of seed 0' });
    await picture.waitFor();
    const before = await picture.getAttribute('src');
    asked.length = 0;
    await page.getByRole('slider', { name: 'Psi' }).focus();
    for (let step = 0; step < 8; step++) await page.keyboard.press('ArrowLeft');
    await until('the picture is another one', async () => (await picture.getAttribute('src')) !== before, { every: 50 });
    const main = asked.filter((url) => url.pathname.endsWith('/0.png') && !url.searchParams.has('width'));
    expect(main.at(-1)!.searchParams.get('psi')).toBe('0.6');
    expect(main.length).toBeLessThan(8);
    await page.getByRole('button', { name: 'Show seed 3' }).click();
    await page.getByRole('img', { name: 'Picture of seed 3' }).waitFor();
    await page.getByLabel('Seed', { exact: true }).fill('4294967296');
    await page.getByText('Enter a whole number from 0 to 4294967295.').waitFor();
    await page.getByLabel('Seed', { exact: true }).fill('7');
    await page.getByRole('checkbox', { name: 'Mix with a second picture' }).check();
    await page.getByLabel('Second seed', { exact: true }).fill('12');
    await page.getByRole('img', { name: 'What is between the pictures of seeds 7 and 12' }).waitFor();
    await until('the mixture is asked for', async () => asked.some((url) => url.search.includes('mix=12&share=0.5')));
    await expectGoodLooks('generator');
  });

  test('a generator with classes has a picker; one that a project uses is not removed', async () => {
    const file = join(dataDir, 'classed.pkl');
    await writeFile(file, CLASSED);
    await ended(await both.server.api<Job>('POST', '/api/generators', { file }));
    await open('#/generators/classed', 'classed');
    const asked = page.waitForRequest((request) => request.url().includes('class=2'));
    await page.getByLabel('Class').selectOption('2');
    await asked;
    await ConnectedProject.connect(both.connection, both.server, { tasks: 1, extra: { generator: 'cats' } });
    await open('#/generators/cats', 'cats');
    await page.getByText('Report of the import').waitFor();
    await page.getByLabel('New name').fill('portraits-256');
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByText("A generator 'portraits-256' already exists.").waitFor();
    await page.getByLabel('New name').fill('kittens');
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('heading', { level: 1, name: 'kittens' }).waitFor();
    await page.getByRole('button', { name: 'Remove' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove' });
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await dialog.getByText(/These projects use the generator 'kittens': 'Portraits/).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await open('#/generators/classed', 'classed');
    await page.getByRole('button', { name: 'Remove' }).click();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await page.waitForURL('**/#/generators');
    await page.getByRole('link', { name: 'kittens' }).waitFor();
    expect(await page.getByRole('link', { name: 'classed' }).count()).toBe(0);
  });

  test('health: what the doctor finds with its fixes, jobs that can be cancelled, workers, versions', async () => {
    const leave = await presentWorker(both.server.product, 2);
    const release = both.server.engine.hold((task) => task === 'convertFile');
    const file = join(dataDir, 'held.pkl');
    await writeFile(file, CATS);
    const job = await both.server.api<Job>('POST', '/api/generators', { file });
    await open('#/health', 'Health');
    await page.getByText(/Label Studio 1\.\d+\.\d+ at .* accepts the/).waitFor();
    await page.getByText('connected to').first().waitFor();
    const jobs = page.getByRole('region', { name: 'Jobs' });
    await jobs.getByRole('cell', { name: 'The file is a web page' }).waitFor();
    expect(await jobs.getByText('Looking for changes').count()).toBe(0);
    await page.getByRole('checkbox', { name: 'Housekeeping too' }).check();
    await jobs.getByText('Looking for changes').first().waitFor();
    await page.getByRole('checkbox', { name: 'Housekeeping too' }).uncheck();
    await page.getByText('Makes 2 at a time').waitFor();
    await page.getByText(`PGlite, PostgreSQL`).waitFor();
    await expectGoodLooks('health');
    await page.getByLabel('Show').selectOption('running');
    await jobs.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('There are none.', { exact: true }).waitFor();
    release();
    expect((await both.server.api<Job>('GET', `/api/jobs/${job.id}`)).state).toBe('cancelled');
    await leave();
    expect(complaints).toEqual([]);
  });
});
