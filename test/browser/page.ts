import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { sql } from 'kysely';
import type { Browser } from 'playwright-core';
import { openPage, picture } from '../support/browser.ts';
import { suiteCleanup } from '../support/database.ts';
import { type Service, startService } from '../support/service.ts';

/** The page itself: its weight, its keyboard, what it says of the service. */
export function pageInBrowser(started: () => Browser): void {
  let service: Service;
  let browser: Browser;
  const cleanup = suiteCleanup();
  before(async () => {
    service = await startService(cleanup);
    browser = started();
  });

  test('weighs less than 60 KB, moves nothing while it loads, and caches its parts', async () => {
    const page = await openPage(browser, 'about:blank');
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    let bytes = 0;
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await page.goto(`${service.url}/`);
    await page.getByText('All systems operational').waitFor();
    assert.ok(bytes > 10_000 && bytes < 60_000, `${bytes} bytes`);
    const shifted = await page.evaluate(`new Promise((done) => new PerformanceObserver((list) =>
      done(list.getEntries().reduce((sum, entry) => sum + entry.value, 0))
    ).observe({ type: 'layout-shift', buffered: true }) ?? setTimeout(() => done(0), 300))`);
    assert.equal(shifted, 0);

    const again: string[] = [];
    page.on('response', (response) => again.push(new URL(response.url()).pathname));
    session.on('Network.requestServedFromCache', () => again.push('cached'));
    await page.goto(`${service.url}/`);
    assert.ok(again.includes('cached'));
    await page.context().close();
  });

  test('is readable without scripts, and offers nothing that would need them', async () => {
    const page = await openPage(browser, `${service.url}/`, { javaScriptEnabled: false });
    for (const text of ['X-Webhook-Signature', '600 requests / minute', 'nextCursor'])
      assert.ok((await page.innerText('main')).includes(text), text);
    for (const button of await page.getByRole('button').all())
      assert.equal(await button.isVisible(), false);
    await page.locator('label[for="submit-python"]').click();
    await page.getByText('import requests').waitFor();
    await picture(page, 'page-without-scripts', { fullPage: true });
    await page.context().close();
  });

  test('works by keyboard alone', async () => {
    const page = await openPage(browser, `${service.url}/`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.match(page.url(), /#main$/);
    await page.locator('#submit-curl').focus();
    await page.keyboard.press('ArrowRight');
    await page.getByLabel('Submit a job (Node)', { exact: true }).waitFor();
    // The other samples follow, and a reload remembers.
    await page.reload();
    await page.getByLabel('Submit a job (Node)', { exact: true }).waitFor();
    await page.locator('#getHealth .try > summary').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await picture(page.locator('#getHealth'), 'focus-ring');
    await page.keyboard.press('Enter');
    await page.locator('#getHealth').getByText('200 OK', { exact: true }).waitFor();
    const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    assert.equal(outline, 'solid');
    await page.keyboard.press('/');
    await page.keyboard.type('redeliver');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#redeliverWebhook$/);
    await page.locator('#side a[aria-current][href="#redeliverWebhook"]').waitFor();
    await page.context().close();
  });

  test('prints what there is to read', async () => {
    const page = await openPage(browser, `${service.url}/`);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('.bar').isVisible(), false);
    assert.equal(await page.locator('#createJob table').first().isVisible(), true);
    await page.setViewportSize({ width: 794, height: 1123 });
    await picture(page, 'page-print', { fullPage: true });
    const pdf = await page.pdf({ format: 'A4' });
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
    await page.context().close();
  });

  test('the pill says so when the service is not ready, and when it does not answer', async () => {
    const page = await openPage(browser, `${service.url}/`);
    await page.getByText('All systems operational').waitFor();
    const comeBackToTheTab = "document.dispatchEvent(new Event('visibilitychange'))";
    await service.db.run(sql`update vidgen.migration set name = 'not ' || name`);
    await page.evaluate(comeBackToTheTab);
    await page.getByText('Service not ready').waitFor();
    await page.route('**/api/health', (route) => route.abort());
    await page.evaluate(comeBackToTheTab);
    await page.getByText('Service unreachable').waitFor();
    await page.context().setOffline(true);
    await page.getByText('Connection lost. Reconnecting…').waitFor();
    await service.db.run(sql`update vidgen.migration set name = substr(name, 5)`);
    await page.context().close();
  });
}
