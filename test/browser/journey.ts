import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { createStartLink } from '../../src/process/start_link.ts';
import {
  accessibilityFaults,
  type OpenedPage,
  onlyContrast,
  openPage,
  picture,
} from '../support/browser.ts';
import { suiteCleanup } from '../support/database.ts';
import { openFirefox, skipFirefox } from '../support/firefox.ts';
import { type Key, type Service, startService } from '../support/service.ts';
import {
  hasDrawn,
  isSeen,
  keepOnly,
  layoutShift,
  type Played,
  playAndSeek,
  sidewaysScroll,
  until,
} from './in_page.ts';

const wide = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };
const small = { width: 360, height: 780 };

/** The whole journey, from a key to the share page. One page, test after test. */
export function journeyInBrowser(started: () => Browser): void {
  let service: Service;
  let page: OpenedPage;
  let key: Key;
  let shareLink = '';
  const cleanup = suiteCleanup();
  before(async () => {
    const startLink = createStartLink();
    const env = { WEBHOOK_CATCHER: 'on' };
    service = await startService(cleanup, { env, worker: true, startLink });
    const permissions = ['clipboard-read', 'clipboard-write'];
    key = await service.createKey();
    startLink.open(key.apiKey);
    page = await openPage(started(), `${service.url}/${startLink.hash}`, {
      viewport: wide,
      permissions,
    });
  });
  after(() => page.context().close());

  test('from the link that start prints to the video playing, and to its share page', async () => {
    const requests: { path: string; key: string | undefined; url: string; body: string }[] = [];
    page.on('request', (request) =>
      requests.push({
        path: new URL(request.url()).pathname,
        key: request.headers()['x-api-key'],
        url: request.url(),
        body: request.postData() ?? '',
      }),
    );

    await page.getByText('✓ Key works').waitFor();
    assert.equal(page.url(), `${service.url}/`);
    await page.reload();
    assert.equal(await page.getByLabel('Your API key').inputValue(), key.apiKey);
    await page.getByText('✓ Key works').waitFor();

    const studio = page.locator('#studio');
    const make = studio.getByRole('button', { name: 'Make the video' });
    await page.setViewportSize(small);
    const { y = 0, height = 0 } = (await make.boundingBox()) ?? {};
    assert.ok(y > 0 && y + height <= small.height, `the button ends at ${y + height}`);
    await page.setViewportSize(phone);
    await make.click();
    await studio.getByText('201 Created', { exact: true }).waitFor();
    await studio.getByText('COMPLETED', { exact: true }).waitFor();
    assertPlayed(await page.evaluate<Played>(playAndSeek));
    assert.ok(await page.evaluate(isSeen('#studio video')), 'the result is where the eyes are');
    await picture(page, 'journey-video-phone');
    await page.setViewportSize(wide);
    await page.locator('#videos').getByRole('link').waitFor();
    await picture(studio, 'journey-video');

    const keyed = requests.filter((request) => request.key);
    assert.ok(keyed.length >= 2);
    for (const { path, key: sent } of keyed) {
      assert.match(path, /^\/api\//);
      assert.equal(sent, key.apiKey);
    }
    for (const { url, body } of requests) assert.ok(!`${url} ${body}`.includes(key.apiKey));

    const list = page.locator('#listJobs');
    await list.getByText('Try it').click();
    await list.getByLabel('limit').fill('1');
    await list.getByRole('button', { name: 'Send request' }).click();
    await list.getByText('200 OK', { exact: true }).waitFor();
    await list.getByText(/\d+ headers, \d+ of 600 requests left/).click();
    await list.getByText('ratelimit-remaining', { exact: true }).waitFor();
    await picture(list, 'journey-list');

    const stream = page.locator('#streamEvents');
    await stream.getByText('Try it').click();
    await stream.getByRole('button', { name: 'Open stream' }).click();
    await stream.getByText('Stream ended.').waitFor();
    assert.match(await stream.locator('.events').innerText(), /"status" ?: ?"COMPLETED"/);

    // The rest of the page, which axe-core would read too, is looked at as a whole elsewhere.
    await page.evaluate(keepOnly('#studio'));
    assert.deepEqual(await accessibilityFaults(page, '#studio'), []);
    await studio.getByRole('link', { name: 'Open share page' }).click();
    await page.getByRole('link', { name: 'Download' }).waitFor();
    shareLink = page.url();
    await page.evaluate(until(hasDrawn('[data-wave]')));
    assert.equal(await page.locator('.length').innerText(), '0:13');
    await picture(page, 'share-before-play');
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    assertPlayed(await page.evaluate<Played>(playAndSeek));
    await picture(page, 'share-wide');
    assert.deepEqual(await accessibilityFaults(page), []);
    assert.deepEqual(page.faults, []);
  });

  test('a webhook is caught, shown and verified; a changed body is invalid', async () => {
    await page.goto(`${service.url}/`);
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.url(), request.postData() ?? ''));
    await page.getByRole('button', { name: 'Submit a job and catch its webhook' }).click();
    await page.locator('#webhook-outcome').getByText('x-webhook-signature').waitFor();
    await page.getByLabel('Your webhook secret').fill(key.webhookSecret);
    await page.getByText('Valid: the signature matches.').waitFor();
    await picture(page.locator('#live-webhook'), 'webhook-verified');
    await page.evaluate(keepOnly('#live-webhook'));
    assert.deepEqual(await accessibilityFaults(page, '#live-webhook'), []);

    const body = page.getByLabel('Raw body');
    await body.fill((await body.inputValue()).replace('COMPLETED', 'COMPLETEd'));
    await page.getByText('Invalid: the signature').waitFor();
    assert.ok(!sent.join(' ').includes(key.webhookSecret), 'the secret stays in the browser');
    assert.deepEqual(page.faults, []);
  });

  test('the share page on a dark phone, its link copied, and links that lead nowhere', async () => {
    await page.setViewportSize(small);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(shareLink);
    assert.ok((await page.evaluate<number>(layoutShift)) < 0.05, 'nothing jumps');
    assert.equal(await page.evaluate(sidewaysScroll), 0);
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByText('Link copied.').waitFor();
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), shareLink);
    await page.getByText('Embed', { exact: true }).click();
    await page.getByRole('button', { name: 'Copy code' }).click();
    await page.getByText('Embed code copied.').waitFor();
    const code = await page.evaluate<string>('navigator.clipboard.readText()');
    assert.ok(code.includes(`<iframe src="${shareLink}/embed"`), code);
    await picture(page, 'share-narrow-dark');
    assert.deepEqual(await accessibilityFaults(page, ':root', onlyContrast), []);
    await page.goto(`${shareLink}?t=7s`);
    await page.evaluate(until('Math.abs(document.querySelector("video").currentTime - 7) < 0.1'));
    await page.goto(`${shareLink}/embed`);
    await page.locator('video').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.goto(`${service.url}/share/unknown`);
    await page.getByRole('heading', { name: 'Video not found' }).waitFor();
    await picture(page, 'share-unknown');
    assert.deepEqual(await accessibilityFaults(page), []);
    assert.deepEqual(page.faults, []);
  });

  test('the same in Firefox', { skip: skipFirefox }, async (t) => {
    const firefox = await openFirefox(t, phone);
    await firefox.goto(`${service.url}/`);
    await firefox.until("document.querySelector('#pill').textContent.includes('operational')");
    await firefox.type('#key', (await service.createKey()).apiKey);
    await firefox.until("document.querySelector('#key-state').textContent === '✓ Key works'");
    await firefox.click('#studio [type="submit"]');
    await firefox.until('document.querySelector(\'#studio .job[data-status="COMPLETED"]\')');
    assertPlayed(await firefox.evaluate<Played>(playAndSeek));
    assert.ok(await firefox.evaluate(isSeen('#studio video')), 'the result is where the eyes are');
    await firefox.until("document.querySelector('#videos a')");
    await firefox.picture('firefox-phone');
    await firefox.resize(small);
    assert.equal(await firefox.evaluate(sidewaysScroll), 0);
    await firefox.goto(await firefox.evaluate<string>("document.querySelector('#videos a').href"));
    assert.equal(await firefox.evaluate(sidewaysScroll), 0);
    await firefox.click('[data-play]');
    assertPlayed(await firefox.evaluate<Played>(playAndSeek));
    await firefox.picture('firefox-share');
  });
}

function assertPlayed({ width, at, seconds }: Played): void {
  assert.equal(width, 1080);
  assert.ok(Math.abs(at - seconds / 2) < 0.1, `at ${at} of ${seconds}`);
}
