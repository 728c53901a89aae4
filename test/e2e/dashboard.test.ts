import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeViolations } from '../support/axe.ts';
import { launchBrowser } from '../support/browser.ts';
import { has } from '../support/needs.ts';
import { type OuterServer, startOuterServer } from '../support/our-server.ts';

/** The page's frame, without any Label Studio: who is let in, the menu, addresses, and what happens when the server goes away. */
describe.runIf(has('browser'))("the page's frame", () => {
  const TOKEN = 'a-token-for-this-test';
  let browser: Browser;
  let server: OuterServer;

  beforeAll(async () => {
    browser = await launchBrowser();
    server = await startOuterServer({ name: 'dashboard', labelStudio: 'http://127.0.0.1:9', env: { API_TOKEN: TOKEN } });
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await server?.remove();
  });

  /** A page of a browser that has never been here; what it complains about is collected. */
  async function stranger(): Promise<{ page: Page; complaints: string[] }> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // A 401 is how the page learns that a token is needed.
      if (message.type() === 'error' && !message.text().includes('401')) complaints.push(message.text());
    });
    return { page, complaints };
  }

  async function enter(page: Page): Promise<void> {
    await page.goto(server.url);
    await page.getByLabel('Token', { exact: true }).fill(TOKEN);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  }

  test('the token is asked for once; a wrong one is told, Esc does not get past it', async () => {
    const { page, complaints } = await stranger();
    await page.goto(server.url);
    const dialog = page.getByRole('dialog', { name: 'This server asks for its token' });
    await dialog.waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await dialog.isVisible()).toBe(true);
    await page.getByLabel('Token', { exact: true }).fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('This is not the token of this server.').waitFor();
    await page.getByLabel('Token', { exact: true }).fill(TOKEN);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForTimeout(500);
    expect(await dialog.isVisible()).toBe(false);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('the menu is reached by keyboard, says where one is, and the focus goes on in the view', async () => {
    const { page } = await stranger();
    await enter(page);
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Go to the content');
    await page.getByRole('link', { name: 'Generators' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/#/generators');
    await page.getByRole('heading', { level: 1, name: 'Generators' }).waitFor();
    expect(await page.getByRole('link', { name: 'Generators' }).getAttribute('aria-current')).toBe('page');
    expect(await page.locator(':focus').getAttribute('id')).toBe('content');
    await page.context().close();
  });

  test('an address that is none leads back', async () => {
    const { page } = await stranger();
    await enter(page);
    await page.goto(`${server.url}/#/nothing/here`);
    await page.getByRole('heading', { name: 'There is no such page.' }).waitFor();
    await page.getByRole('link', { name: 'To the projects' }).click();
    await page.waitForURL('**/#/');
    await page.context().close();
  });

  test('when the server goes away the page says so, and goes on when it is back', async () => {
    const { page, complaints } = await stranger();
    await enter(page);
    await page.waitForTimeout(1500);
    await server.stop();
    await page.getByText('The server does not tell of changes right now.').waitFor();
    await server.start();
    await page.getByText('The server does not tell of changes right now.').waitFor({ state: 'hidden', timeout: 30_000 });
    expect(complaints.filter((text) => !text.includes('ERR_CONNECTION_REFUSED') && !text.includes('ERR_INCOMPLETE'))).toEqual([]);
    await page.context().close();
  });
});
