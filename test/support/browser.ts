import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumPath } from './needs.ts';

/** Headless, without a single request to anything but what the page asks for. */
export function launchBrowser(): Promise<Browser> {
  if (chromiumPath === null) throw new Error('There is no Chromium here: apt-get install chromium, or set CHROMIUM_PATH.');
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page of that Label Studio, logged in. */
export async function openLabelStudio(
  browser: Browser,
  { url, email, password }: { readonly url: string; readonly email: string; readonly password: string },
): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  await page.goto(`${url}/user/login/`);
  await page.fill('input[name=email]', email);
  await page.fill('input[name=password]', password);
  await Promise.all([
    page.waitForURL((to) => !to.pathname.startsWith('/user/login'), { timeout: 60_000 }),
    page.click('button[type=submit]'),
  ]);
  return page;
}
