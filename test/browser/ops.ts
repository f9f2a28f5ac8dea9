import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { call } from '../../src/postgres/call.ts';
import { accessibilityFaults, openPage, picture } from '../support/browser.ts';
import { busyPast } from '../support/busy_past.ts';
import { suiteCleanup } from '../support/database.ts';
import { type Service, startService } from '../support/service.ts';
import { sidewaysScroll } from './in_page.ts';

const password = 'what operators know';
const wide = { viewport: { width: 1440, height: 900 }, colorScheme: 'light' } as const;
const narrowDark = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' } as const;

/** The page for operators, of services with no job, a few, and very many. */
export function opsInBrowser(started: () => Browser): void {
  const cleanup = suiteCleanup();
  const services: { jobs: number; service: Service }[] = [];
  let busy: Service;
  before(async () => {
    for (const jobs of [0, 5, 50_000]) {
      const service = await startService(cleanup, { env: { OPS_PASSWORD: password } });
      if (jobs > 0) await busyPast(cleanup, service.databaseUrl, jobs);
      services.push({ jobs, service });
      busy = service;
    }
  });
  const open = (service: Service, options: BrowserContextOptions = wide) =>
    openPage(started(), `${service.url}/ops`, {
      httpCredentials: { username: 'anyone', password },
      ...options,
    });

  test('with no job, a few and very many: nothing sticks out, axe-core finds nothing', async () => {
    for (const { jobs, service } of services) {
      const page = await open(service);
      // Contrast is a matter of light and dark, room one of wide and narrow.
      for (const [name, { viewport, colorScheme }] of Object.entries(
        jobs === 5 ? { narrowDark } : { wide, narrowDark },
      )) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme });
        await picture(page, `ops-${jobs}-${name}`, { fullPage: true });
        assert.equal(await page.evaluate(sidewaysScroll), 0, `${jobs}, ${name}`);
        assert.deepEqual(await accessibilityFaults(page), [], `${jobs}, ${name}`);
        const done = await page.locator('#done-title + code').locator('xpath=../..').innerText();
        assert.match(done, jobs === 0 ? /\n0 0 failed/ : /\n[\d,]+ \d+ failed/);
      }
      assert.deepEqual(page.faults, []);
      await page.context().close();
    }
  });

  test('shows what the views say, and SQL that runs', async () => {
    const page = await open(busy);
    const text = await page.locator('main').innerText();
    for (const expected of [
      /Waiting\s+admin\.queue\s+1 oldest/,
      /1 of 8 slots, 2 workers/,
      /43\.6 GB/,
      /a customer with a rather long name/,
      /62 %/,
      /Ünïcode & <b>/,
      /hooks\.acme\.example\s+HTTP 502\s+17 waiting/,
      /8\.0 GB of 9\.0 GB stored\s+89 %/,
      /\d+ jobs\s+\d+ \w+/,
      /worker-2:23\s+1\.4\.0\s+0 of 4/,
    ])
      assert.match(text, expected);
    assert.doesNotMatch(text, /No worker is alive/);
    await page.getByText('The numbers').click();
    assert.equal(await page.locator('.hours tbody tr').count(), 48);
    const statements = await page.locator('.act code').allInnerTexts();
    assert.equal(statements.length, 12);
    for (const statement of statements) await busy.db.query(`explain ${statement}`, []);
    await page.context().close();
  });

  test('keeps itself up to date, and leaves alone what is the same', async () => {
    const page = await open(busy, { ...wide, permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByText('The numbers').click();
    const copy = page.getByRole('button', { name: 'Copy the SQL: Waiting' });
    await page.evaluate(`document.querySelector('#hours-title').isTheFirst = true`);
    await copy.click();
    await page.getByText('Copied').waitFor();
    assert.equal(
      await page.evaluate('navigator.clipboard.readText()'),
      'select admin.pause_queue();',
    );
    await call(busy.db, 'admin.pause_queue');
    await page.getByText('Rendering has been paused').waitFor();
    assert.equal(await page.locator('[data-copy]:focus').count(), 1);
    assert.equal(await page.locator('.hours details[open]').count(), 1);
    assert.equal(await page.evaluate(`document.querySelector('#hours-title').isTheFirst`), true);
    await call(busy.db, 'admin.resume_queue');
    await page.getByText('Rendering has been paused').waitFor({ state: 'detached' });

    await page.route('**/ops', (route) => route.abort());
    await page.getByText('not live since').waitFor();
    await page.unroute('**/ops');
    await page.locator('#live:not(.late)').waitFor();
    await page.getByRole('link', { name: 'Stop' }).click();
    await page.getByText('stopped').waitFor();
    assert.equal(await page.locator('#live').getAttribute('data-every'), null);
    await page.context().close();
  });

  test('does so without scripts too', async () => {
    const page = await open(busy, { ...wide, javaScriptEnabled: false });
    assert.equal(await page.getByRole('button').count(), 0, 'nothing that does nothing');
    await page.waitForEvent('request', (request) => request.isNavigationRequest());
    await page.getByText('Jobs per hour').waitFor();
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
}
