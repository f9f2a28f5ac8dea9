import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { accessibilityFaults, openPage, picture } from '../support/browser.ts';
import { suiteCleanup } from '../support/database.ts';
import { type Service, startService } from '../support/service.ts';
import { sidewaysScroll } from './layout.ts';

/** How the page looks, in all widths, light and dark. */
export function looksInBrowser(started: () => Browser): void {
  let service: Service;
  let browser: Browser;
  const cleanup = suiteCleanup();
  before(async () => {
    service = await startService(cleanup, { env: { WEBHOOK_CATCHER: 'on' } });
    browser = started();
  });

  const wide = { width: 1440, height: 900 };
  const narrow = { width: 360, height: 740 };

  // Contrast is a matter of light and dark, room one of wide and narrow: two of the four have all.
  for (const [name, options] of [
    ['wide', { viewport: wide }],
    ['narrow-dark', { viewport: narrow, colorScheme: 'dark' }],
  ] as const) {
    test(`${name}: nothing sticks out, axe-core finds nothing`, async () => {
      const page = await openPage(browser, `${service.url}/`, options);
      await page.getByText('All systems operational').waitFor();
      await picture(page, `page-${name}-top`);
      assert.equal(await page.evaluate(sidewaysScroll), 0);
      for (const summary of await page.locator('summary').all()) await summary.click();
      for (const [id, status] of [
        ['getHealth', '200 OK'],
        ['listJobs', '401 Unauthorized'],
      ] as const) {
        const panel = page.locator(`#${id}`);
        await panel.getByRole('button', { name: 'Send request' }).click();
        await panel.getByText(status, { exact: true }).waitFor();
      }
      await picture(page, `page-${name}`, { fullPage: true });
      assert.equal(await page.evaluate(sidewaysScroll), 0);
      assert.deepEqual(await accessibilityFaults(page), []);
      assert.deepEqual(page.faults, []);
      await page.context().close();
    });
  }

  for (const [name, options] of [
    ['wide-dark', { viewport: wide, colorScheme: 'dark' }],
    ['narrow', { viewport: narrow }],
  ] as const) {
    test(`${name}: nothing sticks out`, async () => {
      const page = await openPage(browser, `${service.url}/`, options);
      await page.getByText('All systems operational').waitFor();
      await picture(page, `page-${name}-top`);
      assert.equal(await page.evaluate(sidewaysScroll), 0);
      await page.context().close();
    });
  }
}
