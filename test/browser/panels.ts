import assert from 'node:assert/strict';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import type { Browser } from 'playwright-core';
import { call } from '../../src/postgres/call.ts';
import {
  accessibilityFaults,
  type OpenedPage,
  onlyContrast,
  openPage,
  picture,
} from '../support/browser.ts';
import { suiteCleanup } from '../support/database.ts';
import { createJob, type Service, sample, startService } from '../support/service.ts';
import { until } from '../support/until.ts';
import { give, hasDrawn, keepOnly, ratioOf } from './in_page.ts';

/** The panels, without a worker. One page, test after test. */
export function panelsInBrowser(started: () => Browser): void {
  let service: Service;
  let page: OpenedPage;
  const cleanup = suiteCleanup();
  before(async () => {
    service = await startService(cleanup);
    const permissions = ['clipboard-read', 'clipboard-write'];
    // Not the page yet: every test opens it anew.
    page = await openPage(started(), `${service.url}/api/health`, { permissions });
  });
  after(() => page.context().close());

  /** The page anew, with a key of its own and one panel open. */
  async function openPanel(id: string, colorScheme: 'light' | 'dark' = 'light') {
    const key = await service.createKey();
    await page.emulateMedia({ colorScheme });
    await page.evaluate(`localStorage.setItem('vidgen.apiKey', '${key.apiKey}')`);
    await page.goto(`${service.url}/`);
    const panel = page.locator(`#${id}`);
    if (id !== 'studio') await panel.getByText('Try it').click();
    return { panel, key };
  }

  /** Contrast differs in the dark, so half of the outcomes are looked at there. */
  async function assertReadable(part: string, of = page) {
    // The rest of the page, which axe-core would read too, is looked at as a whole elsewhere.
    await of.evaluate(keepOnly(part));
    assert.deepEqual(await accessibilityFaults(of, part, onlyContrast), []);
    assert.deepEqual(of.faults, []);
  }

  test('a job that waits can be cancelled', async () => {
    const { panel } = await openPanel('studio');
    await panel.getByRole('button', { name: 'Make the video' }).click();
    await panel.getByText('PENDING', { exact: true }).waitFor();
    await picture(panel, 'job-pending');
    await panel.getByRole('button', { name: 'Cancel job' }).click();
    await panel.getByText('CANCELLED', { exact: true }).waitFor();
    await assertReadable('#studio');
  });

  test('progress is shown as it happens, and why a job failed', async () => {
    const { panel } = await openPanel('studio');
    await panel.getByRole('button', { name: 'Make the video' }).click();
    const jobId = await panel.locator('.job code').innerText();
    await claim(service, jobId);
    await panel.getByText('PROCESSING', { exact: true }).waitFor();
    await call(service.db, 'set_progress', { job_id: jobId, attempt: 1, percent: 62 });
    await panel.getByText('62%').waitFor();
    assert.equal(await panel.getByRole('progressbar').getAttribute('aria-valuenow'), '62');
    await picture(panel.locator('.job'), 'job-processing');
    await page.reload();
    await panel.locator('.job').getByText(jobId).waitFor();
    await panel.getByText('62%').waitFor();
    await page.context().setOffline(true);
    await panel.getByText('Connection lost. Reconnecting…').waitFor();
    await page.context().setOffline(false);
    await panel.getByText('Rendering.').waitFor();
    await call(service.db, 'fail_job', {
      job_id: jobId,
      attempt: 1,
      error_message: 'The audio has no sound in it.',
    });
    await panel.getByText('The audio has no sound in it.').waitFor();
    await picture(panel.locator('.job'), 'job-failed');
    await assertReadable('#studio');
  });

  test('409: the job in the way can be shown', async () => {
    const { panel, key } = await openPanel('studio', 'dark');
    const jobId = await createJob(service.db, key.id);
    await panel.getByRole('button', { name: 'Make the video' }).click();
    await panel.getByText('You already have an active job').waitFor();
    await picture(panel, 'error-409');
    await panel.getByRole('button', { name: 'Show active job' }).click();
    await panel.locator('.job').getByText(jobId).waitFor();
    await assertReadable('#studio');
  });

  test('409: a job that runs cannot be cancelled, and the panel says so', async () => {
    const { panel, key } = await openPanel('cancelJob', 'dark');
    const send = panel.getByRole('button', { name: 'Send request' });
    await until('the panel says what is missing', async () => {
      await send.click();
      return panel.getByText('Fill in jobId first.').isVisible();
    });
    // Not before: the page would find the job and fill it in.
    const jobId = await createJob(service.db, key.id);
    await claim(service, jobId);
    // More than once, because the page may find the job meanwhile and fill it in itself.
    await until('the job is refused', async () => {
      await panel.getByLabel('jobId').fill(jobId);
      await send.click();
      return panel.getByText('409 Conflict', { exact: true }).isVisible();
    });
    await assertReadable('#cancelJob');
  });

  test('401: without a key, and with one that nobody knows', async () => {
    const { panel } = await openPanel('listJobs', 'dark');
    await page.getByRole('button', { name: 'Clear' }).click();
    await panel.getByRole('button', { name: 'Send request' }).click();
    await panel.getByText('Missing API key').waitFor();
    await picture(panel, 'error-401');
    await page.getByLabel('Your API key').fill('vg_wrong');
    await panel.getByRole('button', { name: 'Send request' }).click();
    await panel.getByText('Invalid API key').waitFor();
    await assertReadable('#listJobs');
    await panel.getByRole('link', { name: 'Enter your API key' }).click();
    assert.match(page.url(), /#key$/);
    assert.deepEqual(page.faults, []);
  });

  test('a key that no header can carry is not sent, and the button lets go again', async () => {
    const { panel } = await openPanel('studio');
    await page.getByLabel('Your API key').fill('vg_abc••••');
    const button = panel.getByRole('button', { name: 'Make the video' });
    await button.click();
    await panel
      .getByText("X-API-Key contains a character that isn't allowed in HTTP headers")
      .waitFor();
    assert.equal(await button.getAttribute('aria-disabled'), 'false');
    assert.deepEqual(page.faults, []);
  });

  test('files dropped or pasted anywhere go where they belong, and the stage shows the options', async () => {
    const { panel } = await openPanel('studio');
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.method()));
    const nameOf = (field: string) => panel.locator(`[data-drop="${field}"] [data-file-name]`);
    // An image on the zone of the sound, and the other way round, is meant all the same.
    await page.evaluate(
      give('drop', '#file-audio', [
        ['sea.svg.png', 'image/png'],
        ['1.srt', ''],
      ]),
    );
    await page.evaluate(give('drop', '#rate-limits', [['waves.wav', 'audio/wav']]));
    assert.equal(await nameOf('image').innerText(), 'sea.svg.png');
    assert.equal(await nameOf('audio').innerText(), 'waves.wav');
    await panel.getByText('Said in the first cue.').waitFor();
    await page.evaluate(give('paste', 'body', [['shot.webp', 'image/webp']]));
    assert.equal(await nameOf('image').innerText(), 'shot.webp');
    await page.evaluate(give('drop', 'body', [['terms.pdf', 'application/pdf']]));
    await panel.getByText('terms.pdf is not accepted. Choose a JPEG, PNG or WebP image').waitFor();
    await panel.getByRole('button', { name: 'Use sample files' }).click();
    assert.equal(await nameOf('image').innerText(), 'portrait.jpg');

    await panel.getByText('Options', { exact: true }).click();
    const choose = (name: string, value: string) =>
      panel.getByLabel(name, { exact: true }).selectOption(value);
    await choose('target', 'reels');
    const ratio = () => page.evaluate<number>(ratioOf('[data-frame]'));
    assert.equal((await ratio()).toFixed(2), '0.56', 'what the target sets');
    await choose('aspectRatio', '16:9');
    await choose('fit', 'blur');
    await choose('waveform', 'bars');
    await choose('waveformPosition', 'top');
    assert.equal((await ratio()).toFixed(2), '1.78');
    assert.ok(await panel.locator('.stage-blur').isVisible());
    assert.ok(await page.evaluate(hasDrawn('[data-overlay]')));
    const [frame, overlay] = await Promise.all(
      ['[data-frame]', '[data-overlay]'].map((part) => panel.locator(part).boundingBox()),
    );
    assert.ok(frame && overlay && overlay.y < frame.y + frame.height / 3, 'the waveform is on top');
    await picture(panel, 'studio-options');
    assert.ok(!sent.includes('POST'), 'nothing leaves the page');
    assert.deepEqual(page.faults, []);
  });

  test('415 and 413: the file is named, before and after sending', async () => {
    const { panel } = await openPanel('studio');
    const audio = panel.locator('input[name="audio"]');
    await audio.setInputFiles(sample('voiceover.mp3'));
    const image = panel.locator('input[name="image"]');
    await image.setInputFiles({
      name: 'notes.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('Not a picture.'),
    });
    await panel.getByText("text/plain probably isn't supported.").waitFor();
    await panel.getByRole('button', { name: 'Make the video' }).click();
    await panel.getByText('415 Unsupported Media Type').waitFor();
    await panel.locator('[data-drop="image"] .warning').getByText('unsupported type').waitFor();
    await picture(panel, 'error-415');
    await assertReadable('#studio');

    const folder = await mkdtemp(join(tmpdir(), 'vidgen-browser-'));
    const big = await open(join(folder, 'big.jpg'), 'w');
    await big.write(Buffer.from([0xff, 0xd8, 0xff, 0xe0]));
    await big.truncate(50 * 1024 * 1024 + 1);
    await big.close();
    await image.setInputFiles(join(folder, 'big.jpg'));
    await panel.getByText('Larger than 50 MB — the upload will be rejected.').waitFor();
    await panel.getByRole('button', { name: 'Make the video' }).click();
    await panel.getByText(/^413 /).waitFor();
    await picture(panel, 'error-413');
    await assertReadable('#studio');
    await rm(folder, { recursive: true });
  });

  test('429: counts down, then lets go again', async (t) => {
    const limited = await startService(t, { env: { RATE_LIMIT_REQUESTS: '1' } });
    const other = await openPage(started(), `${limited.url}/`);
    await other.clock.install();
    const list = other.locator('#listJobs');
    await list.getByText('Try it').click();
    const button = list.getByRole('button', { name: 'Send request' });
    await button.click();
    await list.getByText(/^Try again in \d+ s\.$/).waitFor();
    assert.equal(await button.getAttribute('aria-disabled'), 'true');
    await picture(list, 'error-429');
    await assertReadable('#listJobs', other);
    await other.clock.fastForward(61_000);
    await list.getByText('You can try again now.').waitFor();
    assert.equal(await button.getAttribute('aria-disabled'), 'false');
    await other.context().close();
  });

  test('the curl lines have the key: dotted on the page while it is hidden, whole when copied', async () => {
    const { panel, key } = await openPanel('listJobs');
    await panel.getByLabel('status').selectOption('FAILED');
    const curl = panel.getByLabel('Request', { exact: true });
    const shown = await curl.innerText();
    assert.ok(shown.includes(`curl '${service.url}/api/jobs?status=FAILED'`), shown);
    assert.ok(!shown.includes(key.apiKey) && shown.includes(`${key.apiKey.slice(0, 6)}•`), shown);
    await panel.getByRole('button', { name: 'Copy: Request' }).click();
    await panel.getByText('Copied').waitFor();
    assert.ok((await page.evaluate<string>('navigator.clipboard.readText()')).includes(key.apiKey));
    await page.getByRole('button', { name: 'Show' }).click();
    assert.ok((await curl.innerText()).includes(key.apiKey));
    const quickStart = await page.getByLabel('Submit a job (curl)', { exact: true }).innerText();
    assert.ok(quickStart.includes(key.apiKey) && quickStart.includes(service.url), quickStart);
    await page.getByRole('button', { name: 'Copy page' }).click();
    await page.locator('.facts').getByText('Copied').waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    assert.equal(copied, await (await fetch(`${service.url}/docs.md`)).text());
    assert.deepEqual(page.faults, []);
  });
}

async function claim(service: Service, jobId: string): Promise<void> {
  await service.db.run(sql`
    with p as (insert into vidgen.process (kind, host, pid, beat_at)
      values ('worker', 'test', 1, now() + interval '1 day') returning id)
    select api.claim_job(${jobId}, p.id) from p`);
}
