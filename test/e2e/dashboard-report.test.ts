import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { makeDataFolder } from '../support/data-folder.ts';
import { DatasetFactory } from '../support/dataset-factory.ts';
import { has } from '../support/needs.ts';
import { type OuterServer, startOuterServer } from '../support/our-server.ts';

/** A dataset on a server that asks for its token: what the page embeds comes by the cookie of the browser's session. */
describe.runIf(has('browser'))('a dataset behind a token', () => {
  const TOKEN = 'a-token-for-this-test';
  const widthOf = (image: object) => ('naturalWidth' in image ? Number(image.naturalWidth) : 0);
  let browser: Browser;
  let server: OuterServer;
  let dataset: string;

  beforeAll(async () => {
    const dataDir = await makeDataFolder('report');
    const factory = await DatasetFactory.open({ dataDir });
    dataset = await factory.order({ count: 4 });
    await factory.reaches(dataset, 'completed');
    await factory.close();
    browser = await launchBrowser();
    server = await startOuterServer({
      name: 'dashboard-report',
      dataDir,
      labelStudio: 'http://127.0.0.1:9',
      env: { API_TOKEN: TOKEN },
    });
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await server?.remove();
  });

  test('its report and its contact sheet are shown to who gave the token, and to nobody else', async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const report = `/api/datasets/${dataset}/report`;
    await page.goto(`${server.url}/#/datasets/${dataset}`);
    await page.getByLabel('Token', { exact: true }).fill(TOKEN);
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: 'Report' }).click();
    const frame = page.frameLocator('iframe[title=Report]');
    await frame.getByRole('heading', { name: 'Before and after' }).waitFor();
    expect(await frame.locator('.pair img').first().evaluate(widthOf)).toBeGreaterThan(0);
    expect((await page.request.get(server.url + report)).status()).toBe(200);
    await page.getByRole('tab', { name: 'Pictures' }).click();
    const sheet = page.getByAltText('The first pairs');
    await sheet.waitFor();
    await expect.poll(() => sheet.evaluate(widthOf)).toBeGreaterThan(0);

    const stranger = await browser.newContext();
    expect((await stranger.request.get(server.url + report)).status()).toBe(401);
    await stranger.close();
  });
});
