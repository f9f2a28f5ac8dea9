import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import type { Browser, CDPSession } from 'playwright-core';
import {
  accessibilityFaults,
  type OpenedPage,
  onlyContrast,
  openPage,
  picture,
} from '../support/browser.ts';
import { suiteCleanup } from '../support/database.ts';
import { type Service, startService } from '../support/service.ts';
import { layoutShift, sidewaysScroll } from './in_page.ts';

/** The page itself: its weight and looks, its keyboard, what it says of the service. One page, test after test. */
export function pageInBrowser(started: () => Browser): void {
  let service: Service;
  let page: OpenedPage;
  let session: CDPSession;
  let bytes = 0;
  const cleanup = suiteCleanup();
  const wide = { width: 1440, height: 900 };
  before(async () => {
    service = await startService(cleanup, { env: { WEBHOOK_CATCHER: 'on' } });
    // Elsewhere first, so that all that the first visit takes is counted.
    page = await openPage(started(), `${service.url}/api/health`, { viewport: wide });
    session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await page.goto(`${service.url}/`);
  });
  after(() => page.context().close());

  test('weighs less than 60 KB, moves nothing while it loads, and caches its parts', async () => {
    await page.getByText('All systems operational').waitFor();
    assert.ok(bytes > 10_000 && bytes < 60_000, `${bytes} bytes`);
    assert.ok((await page.evaluate<number>(layoutShift)) < 0.05);

    let cached = 0;
    session.on('Network.requestServedFromCache', () => {
      cached += 1;
    });
    await page.goto(`${service.url}/`);
    assert.ok(cached > 0);
    await session.detach();
  });

  test('prints what there is to read', async () => {
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('.bar').isVisible(), false);
    assert.equal(await page.locator('#createJob table').first().isVisible(), true);
    await page.setViewportSize({ width: 794, height: 1123 });
    assert.equal(await page.evaluate(sidewaysScroll), 0);
    await picture(page, 'page-print', { fullPage: true });
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize(wide);
  });

  test('wide and narrow nothing sticks out; light and dark axe-core finds nothing', async () => {
    await page.getByText('All systems operational').waitFor();
    await picture(page, 'page-wide-top');
    await page.evaluate(
      'for (const fold of document.querySelectorAll("details")) fold.open = true',
    );
    for (const [id, status] of [
      ['getHealth', '200 OK'],
      ['listJobs', '401 Unauthorized'],
    ] as const) {
      const panel = page.locator(`#${id}`);
      await panel.getByRole('button', { name: 'Send request' }).click();
      await panel.locator('.outcome').getByText(status, { exact: true }).waitFor();
    }
    await picture(page, 'page-wide', { fullPage: true });
    assert.equal(await page.evaluate(sidewaysScroll), 0);
    assert.deepEqual(await accessibilityFaults(page), []);

    await page.emulateMedia({ colorScheme: 'dark' });
    await picture(page, 'page-wide-dark', { fullPage: true });
    await page.setViewportSize({ width: 360, height: 740 });
    await picture(page, 'page-narrow-dark', { fullPage: true });
    assert.equal(await page.evaluate(sidewaysScroll), 0);
    await page.setViewportSize(wide);
    // The colors of one endpoint are those of all.
    await page.evaluate(
      'for (const one of document.querySelectorAll(".endpoint:not(#listJobs)")) one.remove()',
    );
    assert.deepEqual(await accessibilityFaults(page, ':root', onlyContrast), []);
    await page.emulateMedia({ colorScheme: 'light' });
    assert.deepEqual(page.faults, []);
  });

  test('works by keyboard alone', async () => {
    await page.goto(`${service.url}/`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#main$/);
    await page.locator('#submit-curl').focus();
    await page.keyboard.press('ArrowRight');
    await page.getByLabel('Submit a job (Node)', { exact: true }).waitFor();
    // All other examples follow, and a reload remembers.
    await page.reload();
    await page.getByLabel('Submit a job (Node)', { exact: true }).waitFor();
    assert.match(await page.locator('#cancelJob .request code').innerText(), /method: 'DELETE'/);
    await page.locator('#getHealth .try > summary').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await picture(page.locator('#getHealth'), 'focus-ring');
    await page.keyboard.press('Enter');
    await page.locator('#getHealth .outcome').getByText('200 OK', { exact: true }).waitFor();
    const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    assert.equal(outline, 'solid');
    await page.keyboard.press('/');
    await page.keyboard.type('redeliver');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#redeliverWebhook$/);
    await page.locator('#side a[aria-current][href="#redeliverWebhook"]').waitFor();
  });

  test('the page of errors has its codes in the sidebar, and a way back', async () => {
    await page.goto(`${service.url}/errors`);
    await page.getByText('All systems operational').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('active_job');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#active_job_exists$/);
    await page.locator('#side a[aria-current][href="#active_job_exists"]').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await picture(page, 'errors-wide');
    await page.setViewportSize({ width: 360, height: 740 });
    assert.equal(await page.evaluate(sidewaysScroll), 0);
    await page.locator('.brand').click();
    await page.waitForURL(`${service.url}/`);
    await page.setViewportSize(wide);
    assert.deepEqual(page.faults, []);
  });

  test('the pill says so when the service is not ready, and when it does not answer', async () => {
    await page.getByText('All systems operational').waitFor();
    await service.db.run(sql`update vidgen.migration set name = 'not ' || name`);
    await page.getByText('Service not ready').waitFor();
    await page.route('**/api/*', (route) => route.abort());
    await page.getByText('Service unreachable').waitFor();
    await page.context().setOffline(true);
    await page.getByText('Connection lost. Reconnecting…').waitFor();
    await service.db.run(sql`update vidgen.migration set name = substr(name, 5)`);
    await page.unroute('**/api/*');
    await page.context().setOffline(false);
    await page.getByText('All systems operational').waitFor();
  });

  test('is readable without scripts, and offers nothing that would need them', async () => {
    const plain = await openPage(started(), `${service.url}/`, { javaScriptEnabled: false });
    const text = await plain.innerText('main');
    for (const words of ['X-Webhook-Signature', '600 requests / minute', 'nextCursor', 'curl -N'])
      assert.ok(text.includes(words), words);
    assert.equal(await plain.locator('button:visible').count(), 0);
    await plain.locator('label[for="submit-python"]').click();
    await plain.getByText('import requests').waitFor();
    await picture(plain, 'page-without-scripts', { fullPage: true });
    await plain.context().close();
  });
}
