import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { fileNameOf } from '../../src/pages/share/shared_video.ts';
import { suiteCleanup } from '../support/database.ts';
import { type Key, type Service, samples, startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';

/** A title with every character that must be escaped. */
const words = {
  title: 'Ein "Tag" <am> Meer: Öl & Salz/1',
  artist: 'Ada',
  description: 'One picture.\nOne voice.',
};

describe('5.3: the share page', () => {
  let service: Service;
  let link: string;
  let token: string;
  let key: Key;
  let jobId: string;
  const cleanup = suiteCleanup();
  before(async () => {
    service = await startService(cleanup, { worker: true });
    key = await service.createKey();
    const { image } = await samples();
    const { audio } = await tinyInputs(5);
    const submitted = await service.submit(key, { image, audio, ...words });
    jobId = ((await submitted.json()) as { jobId: string }).jobId;
    link = (await service.until(key, jobId, 'COMPLETED')).outputShareLink ?? '';
    token = new URL(link).pathname.split('/').at(-1) ?? '';
  });

  /** The tags of the head: name or property → content. */
  const tagsOf = (html: string) =>
    Object.fromEntries(
      [...html.matchAll(/<meta (?:name|property)="([^"]+)" content="([^"]*)"/g)].map((tag) =>
        tag.slice(1, 3),
      ),
    );

  const escaped = (text: string) =>
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;');

  test('has the tags of link previews, with absolute addresses and real sizes', async () => {
    const response = await fetch(link);
    assert.equal(response.status, 200);
    assert.match(response.headers.get('Content-Type') ?? '', /^text\/html; charset=UTF-8$/i);
    assert.equal(response.headers.get('X-Robots-Tag'), 'noindex');
    const tags = tagsOf(await response.text());
    const video = `${service.url}/media/${token}/video.mp4`;
    const poster = `${service.url}/media/${token}/poster.jpg`;
    assert.equal(tags['og:title'], escaped(words.title));
    assert.equal(tags['twitter:title'], escaped(words.title));
    assert.equal(tags['og:description'], words.description);
    assert.equal(tags['og:type'], 'video.other');
    assert.equal(tags['og:url'], link);
    assert.equal(tags['og:video'], video);
    assert.equal(tags['og:image'], poster);
    assert.deepEqual([tags['og:video:width'], tags['og:video:height']], ['1080', '1350']);
    assert.equal(tags['twitter:card'], 'player');
    assert.equal(tags['twitter:player'], `${link}/embed`);
    assert.equal(tags['twitter:player:stream'], video);
    assert.equal(tags['video:duration'], '1');
    const picture = await fetch(poster);
    assert.equal(picture.headers.get('Content-Type'), 'image/jpeg');
    await picture.body?.cancel();
  });

  test('the download is called as the video is, whatever the title has in it', async () => {
    const html = await (await fetch(link)).text();
    const address = /href="(\/media\/[^"]+download)"/.exec(html)?.[1];
    const response = await fetch(`${service.url}${address}`, { method: 'HEAD' });
    assert.equal(
      response.headers.get('Content-Disposition'),
      `attachment; filename="Ein Tag am Meer _l & Salz 1.mp4"; filename*=UTF-8''Ein%20Tag%20am%20Meer%20%C3%96l%20%26%20Salz%201.mp4`,
    );
    const finishedAt = new Date('2026-05-07T12:34:56Z');
    for (const title of [null, ' ', '..', '///', '\u0000'])
      assert.equal(fileNameOf({ title, finishedAt }), 'video-2026-05-07.mp4');
  });

  test('others may frame the bare player, nobody the page', async () => {
    const policy = async (url: string) =>
      (await fetch(url)).headers.get('Content-Security-Policy') ?? '';
    assert.match(await policy(link), /frame-ancestors 'none'/);
    assert.match(await policy(`${link}/embed`), /frame-ancestors \*/);
    assert.doesNotMatch(await policy(link), /unsafe-inline/);
  });

  test('oEmbed tells how to show it, within the size asked for', async () => {
    const html = await (await fetch(link)).text();
    const discovered = /type="application\/json\+oembed" href="([^"]+)"/.exec(html)?.[1];
    assert.equal(discovered, `${service.url}/oembed?url=${encodeURIComponent(link)}`);
    const whole = (await (await fetch(discovered)).json()) as Record<string, unknown>;
    assert.equal(whole.type, 'video');
    assert.equal(whole.title, words.title);
    assert.equal(whole.author_name, words.artist);
    assert.equal(whole.version, '1.0');
    assert.deepEqual([whole.width, whole.height], [1080, 1350]);
    assert.match(String(whole.html), new RegExp(`^<iframe src="${link}/embed" width="1080"`));
    const small = await fetch(`${discovered}&maxwidth=540&maxheight=9999`);
    const { width, height } = (await small.json()) as Record<string, unknown>;
    assert.deepEqual([width, height], [540, 675]);
    assert.equal((await fetch(`${discovered}&format=xml`)).status, 501);
    for (const url of ['', 'https://elsewhere.example/share/x', `${service.url}/share/unknown`]) {
      const refused = await fetch(`${service.url}/oembed?url=${encodeURIComponent(url)}`);
      assert.equal(refused.status, 404, url);
      await refused.body?.cancel();
    }
  });

  test('words that turn the direction of text turn their own alone', async () => {
    const turning = { title: 'a\u2069\u202eb', artist: 'c\u202e', description: 'd\u2066' };
    await service.db.run(sql`
      update vidgen.job set options = options || ${JSON.stringify(turning)}::text::jsonb`);
    const html = await (await fetch(link)).text();
    for (const isolated of ['ab', turning.artist, turning.description])
      assert.ok(html.includes(`<bdi>${isolated}</bdi>`));
    assert.doesNotMatch(html.replaceAll(/<bdi>[^<]*<\/bdi>/g, ''), /[\u202a-\u202e\u2066-\u2069]/);
    assert.match(html, /<title>ab<\/title>/);
    const oembed = await fetch(`${service.url}/oembed?url=${encodeURIComponent(link)}`);
    assert.doesNotMatch(await oembed.text(), /[\u202a-\u202e\u2066-\u2069]/);
    const download = await fetch(`${service.url}/media/${token}/video.mp4?download`, {
      method: 'HEAD',
    });
    assert.match(String(download.headers.get('Content-Disposition')), /filename="a b\.mp4"/);
    const untitled = { title: '\u202e', description: '\u202e' };
    await service.db.run(sql`
      update vidgen.job set options = options || ${JSON.stringify(untitled)}::text::jsonb`);
    const page = await (await fetch(link)).text();
    assert.match(page, /<title>Video \([^)]+\)<\/title>/);
    assert.match(page, /og:description" content="Made with/);
  });

  test('is a kind page where there is no video, or none any more', async () => {
    const unknown = await fetch(`${service.url}/share/nobody-knows-this`);
    assert.equal(unknown.status, 404);
    assert.match(await unknown.text(), /<h1>Video not found<\/h1>/);
    const ends = async (path: string, init: RequestInit, says: RegExp) => {
      const headers = { 'Content-Type': 'application/json' };
      assert.equal((await service.call(path, key, { headers, ...init })).status, 200);
      const gone = await fetch(link);
      assert.equal(gone.status, 410);
      assert.equal(gone.headers.get('X-Robots-Tag'), 'noindex');
      assert.match(await gone.text(), says);
      assert.equal((await fetch(`${link}/embed`)).status, 410);
    };
    const ended = { method: 'PATCH', body: '{"shareExpiresAt":"2020-01-01T00:00:00Z"}' };
    await ends(`/api/jobs/${jobId}`, ended, /<h1>This video is no longer shared<\/h1>/);
    const removed = { method: 'DELETE' };
    await ends(`/api/jobs/${jobId}/video`, removed, /<h1>This video was removed<\/h1>/);
  });

  test('a token is text and nothing else', async () => {
    const page = await fetch(`${service.url}/share/${encodeURIComponent('"><script>x</script>')}`);
    assert.equal(page.status, 404);
    assert.doesNotMatch(await page.text(), /<script>x/);
  });
});
