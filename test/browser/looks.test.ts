import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import {
  accessibilityFaults,
  openPage,
  picture,
  skipBrowser,
  startBrowser,
} from '../support/browser.ts';
import { suiteCleanup } from '../support/database.ts';
import { type Service, startService } from '../support/service.ts';

describe('the page, looked at', { skip: skipBrowser }, () => {
  let service: Service;
  let browser: Browser;
  const cleanup = suiteCleanup();
  before(async () => {
    service = await startService(cleanup, { env: { WEBHOOK_CATCHER: 'on' } });
    browser = await startBrowser(cleanup);
  });

  const looks = [
    ['wide', { viewport: { width: 1440, height: 900 } }],
    ['wide-dark', { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' as const }],
    ['narrow', { viewport: { width: 360, height: 740 } }],
    ['narrow-dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' as const }],
  ] as const;
  for (const [name, options] of looks) {
    test(`${name}: nothing sticks out, axe-core finds nothing`, async () => {
      const page = await openPage(browser, `${service.url}/`, options);
      await page.getByText('All systems operational').waitFor();
      await picture(page, `page-${name}`, { fullPage: true });
      await picture(page, `page-${name}-top`);
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      assert.equal(overflow, 0, 'the page scrolls sideways');
      for (const summary of await page.locator('summary').all()) await summary.click();
      await picture(page, `page-${name}-panels`, { fullPage: true });
      assert.deepEqual(await accessibilityFaults(page), []);
      assert.deepEqual(page.faults, []);
      await page.context().close();
    });
  }
});
