import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults, openPage, picture } from '../support/browser.ts';
import { suiteCleanup } from '../support/database.ts';
import { type Key, type Service, startService } from '../support/service.ts';
import { layoutShift, sidewaysScroll } from './layout.ts';

const panel = (page: Page, id: string) => page.locator(`#${id}`);

/** Plays the video for a moment, then seeks; resolves when the browser has got there. */
const playAndSeek = `(async () => {
  const video = document.querySelector('video');
  if (video.readyState < 1) await new Promise((done, fail) => {
    video.addEventListener('loadedmetadata', done);
    video.addEventListener('error', () => fail(new Error(video.error?.message)));
  });
  video.muted = true;
  await video.play();
  await new Promise((done) => video.addEventListener('timeupdate', () => video.currentTime > 0 && done()));
  video.pause();
  const seeked = new Promise((done) => video.addEventListener('seeked', done, { once: true }));
  video.currentTime = video.duration / 2;
  await seeked;
  return { width: video.videoWidth, seconds: video.duration, at: video.currentTime };
})()`;

/** Whether some of the element lies in the window. */
const isSeen = (page: Page, selector: string) =>
  page.evaluate<boolean>(
    `(({ top, bottom }) => top < innerHeight - 40 && bottom > 40)(document.querySelector('${selector}').getBoundingClientRect())`,
  );

/** The whole journey, from a key to the share page. */
export function journeyInBrowser(started: () => Browser): void {
  let service: Service;
  let browser: Browser;
  let key: Key;
  let shareLink = '';
  const cleanup = suiteCleanup();
  before(async () => {
    service = await startService(cleanup, { env: { WEBHOOK_CATCHER: 'on' }, worker: true });
    browser = started();
    key = await service.createKey();
  });

  test('from pasting a key to the video playing, and to its share page', async () => {
    const page = await openPage(browser, `${service.url}/`);
    const requests: { path: string; key: string | undefined; url: string; body: string }[] = [];
    page.on('request', (request) =>
      requests.push({
        path: new URL(request.url()).pathname,
        key: request.headers()['x-api-key'],
        url: request.url(),
        body: request.postData() ?? '',
      }),
    );

    await page.getByLabel('Your API key').fill(key.apiKey);
    await page.reload();
    assert.equal(await page.getByLabel('Your API key').inputValue(), key.apiKey);

    await page.getByText('✓ Key works').waitFor();
    const submit = panel(page, 'studio');
    await picture(submit, 'journey-1-files');
    await page.setViewportSize({ width: 390, height: 844 });
    await submit.getByRole('button', { name: 'Make the video' }).click();
    await submit.getByText('201 Created', { exact: true }).waitFor();
    await submit.getByText('COMPLETED', { exact: true }).waitFor();
    const video = (await page.evaluate(playAndSeek)) as Record<string, number>;
    assert.equal(video.width, 1080);
    assert.ok(Math.abs((video.at ?? 0) - (video.seconds ?? 0) / 2) < 0.1, JSON.stringify(video));
    assert.ok(await isSeen(page, '#studio video'), 'the result is where the eyes are');
    await picture(page, 'journey-2-video-phone');
    await page.setViewportSize({ width: 1280, height: 900 });
    await picture(submit, 'journey-2-video');
    await page.locator('#videos').getByRole('link').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);

    const keyed = requests.filter((request) => request.key);
    assert.ok(keyed.length >= 2);
    for (const { path, key: sent } of keyed) {
      assert.match(path, /^\/api\//);
      assert.equal(sent, key.apiKey);
    }
    for (const { url, body } of requests) assert.ok(!`${url} ${body}`.includes(key.apiKey));

    const list = panel(page, 'listJobs');
    await list.getByText('Try it').click();
    await list.getByLabel('limit').fill('1');
    await list.getByRole('button', { name: 'Send request' }).click();
    await list.getByText('200 OK', { exact: true }).waitFor();
    await list.getByText(/\d+ headers, \d+ of 600 requests left/).click();
    await list.getByText('ratelimit-remaining', { exact: true }).waitFor();
    await list.getByText('outputShareLink').last().waitFor();
    await picture(list, 'journey-3-list');

    const stream = panel(page, 'streamEvents');
    await stream.getByText('Try it').click();
    await stream.getByRole('button', { name: 'Open stream' }).click();
    await stream.getByText('Stream ended.').waitFor();
    assert.match(await stream.locator('.events').innerText(), /"status" ?: ?"COMPLETED"/);

    await submit.getByRole('link', { name: 'Open share page' }).click();
    await page.getByRole('link', { name: 'Download' }).waitFor();
    shareLink = page.url();
    await picture(page, 'share-before-play');
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    const shared = (await page.evaluate(playAndSeek)) as Record<string, number>;
    assert.equal(shared.width, 1080);
    await picture(page, 'share-wide');
    assert.deepEqual(await accessibilityFaults(page), []);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('a webhook is caught, shown and verified; a changed body is invalid', async () => {
    const page = await openPage(browser, `${service.url}/`);
    await page.getByLabel('Your API key').fill(key.apiKey);
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.url(), request.postData() ?? ''));
    await page.getByRole('button', { name: 'Submit a job and catch its webhook' }).click();
    await page.locator('#webhook-outcome').getByText('x-webhook-signature').waitFor();
    await page.getByLabel('Your webhook secret').fill(key.webhookSecret);
    await page.getByText('Valid: the signature matches.').waitFor();
    await picture(page.locator('#live-webhook'), 'webhook-verified');
    assert.deepEqual(await accessibilityFaults(page), []);

    const body = page.getByLabel('Raw body');
    await body.fill((await body.inputValue()).replace('COMPLETED', 'COMPLETEd'));
    await page.getByText('Invalid: the signature').waitFor();
    assert.ok(!sent.join(' ').includes(key.webhookSecret), 'the secret stays in the browser');
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test('the share page on a dark phone, its link copied, and links that lead nowhere', async () => {
    const phone = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' as const };
    const page = await openPage(browser, shareLink, {
      ...phone,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
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
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.goto(`${shareLink}?t=7s`);
    await page.waitForFunction('Math.abs(document.querySelector("video").currentTime - 7) < 0.1');
    await page.goto(`${shareLink}/embed`);
    await page.locator('video').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.goto(`${service.url}/share/unknown`);
    await page.getByRole('heading', { name: 'Video not found' }).waitFor();
    await picture(page, 'share-unknown');
    assert.deepEqual(await accessibilityFaults(page), []);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
}
