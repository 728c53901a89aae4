import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { axeViolations } from './axe.ts';
import { TRACES } from './our-server.ts';

const SIZES = [
  { width: 1280, height: 800 },
  { width: 360, height: 740 },
] as const;

/** The view as it is now, at a desk and on a phone, light and dark: axe finds nothing, nothing scrolls sideways, and a screenshot is kept. */
export async function lookEverywhere(page: Page, name: string): Promise<void> {
  mkdirSync(TRACES, { recursive: true });
  const before = page.viewportSize();
  for (const size of SIZES)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      const where = `${name}-${size.width}-${colorScheme}`;
      // Charts are drawn anew after a change of size.
      await page.evaluate('new Promise(requestAnimationFrame)');
      expect(await axeViolations(page), where).toEqual([]);
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect(wide, `${where} scrolls sideways`).toBeLessThanOrEqual(size.width);
      await page.screenshot({ path: join(TRACES, `page-${where}.png`), fullPage: true });
    }
  await page.emulateMedia({ colorScheme: 'light' });
  if (before !== null) await page.setViewportSize(before);
}
