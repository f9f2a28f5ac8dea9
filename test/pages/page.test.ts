import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import sharp from 'sharp';
import { exampleOf, fieldsOf } from '../../src/openapi/endpoints/endpoint.ts';
import { endpoints } from '../../src/openapi/endpoints.ts';
import { errorCodes, errorMeanings } from '../../src/openapi/error_codes.ts';
import { plainProse } from '../../src/openapi/prose.ts';
import { lead } from '../../src/pages/docs/hero.tsx';
import { createStartLink } from '../../src/process/start_link.ts';
import { suiteCleanup } from '../support/database.ts';
import { type Service, startService } from '../support/service.ts';

describe('the page at /', () => {
  let service: Service;
  let html: string;
  const cleanup = suiteCleanup();
  before(async () => {
    service = await startService(cleanup);
    html = await (await fetch(`${service.url}/`)).text();
  });

  const pageText = () => text().replaceAll(/\s+/g, ' ');
  const text = () =>
    html
      .replaceAll(/<[^>]+>/g, '')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&');

  test('documents every endpoint from the definitions of the API: fields, example, badge', () => {
    const shown = text();
    for (const {
      id,
      method,
      path,
      access,
      description,
      parameters = [],
      form,
      response,
    } of endpoints) {
      const section = html.slice(
        html.indexOf(`id="${id}"`),
        html.indexOf('</article>', html.indexOf(`id="${id}"`)),
      );
      const words = section.replaceAll(/<[^>]+>/g, '');
      assert.ok(words.includes(`${method} ${path}`), `${method} ${path}`);
      assert.ok(words.includes(access), id);
      assert.ok(shown.includes(plainProse(description)), id);
      for (const { schema } of [...parameters, ...(form ? [form] : [])])
        for (const field of fieldsOf(schema))
          assert.ok(shown.includes(plainProse(field.description)), field.name);
      for (const name of Object.keys(form?.json?.shape ?? {}))
        assert.ok(section.includes(`<code>${name}</code>`), `${id}: ${name}`);
      for (const [, types = ''] of section.matchAll(/<td class="type">(.*?)<\/td>/g))
        for (const type of types.split(' or '))
          assert.match(type, /^(file|string|integer|number|boolean|object|array|null)$/, id);
      const example = JSON.stringify(exampleOf(response.schema), null, 2).replaceAll(
        'https://example.com',
        service.url,
      );
      if (!response.stream) assert.ok(shown.includes(example), `the example of ${id}`);
    }
  });

  test('tells states, errors, limits and the receiver, with the address of this very server', () => {
    const shown = text();
    for (const state of ['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED'])
      assert.ok(shown.includes(state), state);
    for (const status of Object.keys(errorMeanings)) assert.ok(shown.includes(status), status);
    assert.equal(html.match(/<code>401<\/code>/g)?.length, 2, 'the two kinds of 401');
    for (const fact of [
      '600 requests / minute',
      '30 submissions / minute',
      `curl -X POST ${service.url}/api/jobs`,
      "express.raw({ type: 'application/json' })",
      'crypto.timingSafeEqual',
      '1 active job',
    ])
      assert.ok(shown.includes(fact), fact);
    assert.ok(!html.includes('https://example.com'), 'no address but this one');
  });

  test('descriptions are CommonMark: code and links, on the page and in openapi.json', async () => {
    assert.match(html, /Optionally include a <code>webhookUrl<\/code> to be notified/);
    assert.match(html, /See <a href="#webhooks">Webhooks<\/a>\./);
    const document = await (await fetch(`${service.url}/openapi.json`)).text();
    assert.ok(document.includes('Optionally include a `webhookUrl` to be notified'));
    assert.ok(document.includes(`See [Webhooks](${service.url}/#webhooks).`));
    assert.equal(plainProse('A `b<c>` and [*d*](#e) \\* snake_case'), 'A b<c> and d * snake_case');
  });

  test("says what the API's own description says, word for word", () => {
    const shown = text().replaceAll(/\s+/g, ' ');
    for (const sentence of sentences) assert.ok(shown.includes(sentence), sentence);
  });

  test('asks for nothing from elsewhere and allows nothing inline', async () => {
    const response = await fetch(`${service.url}/`);
    await response.body?.cancel();
    const policy = response.headers.get('Content-Security-Policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.doesNotMatch(html, /<script>|<style| style=| on\w+="/);
    // A link makes no request until it is followed.
    for (const [, address = ''] of html.matchAll(/<(?!a )[^>]* (?:src|href)="([^"#]+)"/g))
      assert.match(address, /^(\/assets\/|openapi\.json$)/);
  });

  test('is there as Markdown, as a whole and section by section, from the same definitions', async () => {
    const get = async (path: string, accept = '*/*') => {
      const answer = await fetch(service.url + path, { headers: { Accept: accept } });
      assert.equal(answer.status, 200, path);
      return { type: answer.headers.get('Content-Type') ?? '', text: await answer.text() };
    };
    const index = await get('/llms.txt');
    assert.match(index.type, /^text\/plain;/);
    assert.match(index.text, /^# VidGen API\n\n> Generate videos/);
    const linked = Array.from(index.text.matchAll(/\]\((http[^)]+)\)/g), ([, url = '']) => url);
    for (const { id } of endpoints) assert.ok(linked.includes(`${service.url}/docs/${id}.md`), id);
    const whole = await get('/docs.md');
    for (const url of linked) {
      assert.ok(url.startsWith(service.url), url);
      const { text, type } = await get(url.slice(service.url.length));
      if (!url.includes('/docs/')) continue;
      assert.match(type, /^text\/markdown;/);
      assert.ok(whole.text.includes(text.trim()), url);
      const outside = text.replaceAll(/```.*?```/gs, '');
      assert.doesNotMatch(outside, /<\/?\w+[ >]|undefined|\[object/, url);
      for (const [, link = ''] of outside.matchAll(/\]\(([^)\s]+)\)/g)) {
        assert.match(link, /^https?:/, url);
        if (link.startsWith(service.url)) await get(link.slice(service.url.length));
      }
      // Every section of the page says the same words.
      const shown = outside.replaceAll(/`|\*\*|\[|\]\([^)]*\)/g, '').split('\n');
      if (url.endsWith('/errors.md')) continue;
      const [paragraph = ''] = shown.filter((line) => /^[A-Z][^|]{60,}$/.test(line));
      assert.ok(pageText().includes(paragraph), `${url}: ${paragraph}`);
    }
    for (const accept of ['text/markdown', 'text/markdown, text/html;q=0.9'])
      assert.deepEqual(await get('/', accept), whole);
    const browser = 'text/html,application/xhtml+xml,*/*;q=0.8';
    assert.match((await get('/', browser)).type, /^text\/html/);
    assert.equal((await get('/errors', 'text/markdown')).text, (await get('/errors.md')).text);
    assert.equal((await fetch(`${service.url}/docs/none.md`)).status, 404);
  });

  test('every error leads to the page that says what to do about it', async () => {
    const errors = await (await fetch(`${service.url}/errors`)).text();
    for (const [code, { remedy }] of Object.entries(errorCodes)) {
      assert.ok(errors.includes(`id="${code}"`), code);
      const words = errors.replaceAll('&#39;', "'").replaceAll('&quot;', '"');
      assert.ok(words.includes(remedy), remedy);
    }
    const refused = await fetch(`${service.url}/api/jobs`);
    const body = (await refused.json()) as Record<string, string>;
    assert.deepEqual(Object.keys(body), ['error', 'code', 'requestId', 'docs']);
    assert.equal(body.docs, `${service.url}/errors#api_key_missing`);
  });

  test('who mistypes an address gets a page, a program JSON', async () => {
    const html = 'text/html,application/xhtml+xml,*/*;q=0.8';
    const lost = await fetch(`${service.url}/docs`, { headers: { Accept: html } });
    assert.equal(lost.status, 404);
    assert.match(lost.headers.get('Content-Security-Policy') ?? '', /default-src 'none'/);
    assert.match(await lost.text(), /<h1>Page not found<\/h1>/);
    for (const [path, accept] of [
      ['/docs', '*/*'],
      ['/api/docs', html],
    ] as const) {
      const refused = await fetch(service.url + path, { headers: { Accept: accept } });
      assert.equal(refused.status, 404);
      assert.equal(((await refused.json()) as { code: string }).code, 'not_found');
    }
  });

  test('tells every field of every response', () => {
    for (const { id, response } of endpoints) {
      const from = html.indexOf(`<article class="endpoint" id="${id}"`);
      const section = html.slice(from, html.indexOf('</article>', from));
      const example = exampleOf(response.schema);
      for (const path of pathsOf(example, ''))
        assert.ok(section.includes(`<code>${path}</code>`), `${id}: ${path}`);
    }
  });

  test('link previews get its words and a picture of the size that they show', async () => {
    const tag = (name: string) =>
      new RegExp(`<meta (?:property|name)="${name}" content="([^"]+)"`).exec(html)?.[1] ?? '';
    assert.equal(tag('og:title'), 'VidGen API');
    assert.equal(tag('og:description'), lead);
    assert.equal(tag('og:url'), `${service.url}/`);
    assert.equal(tag('twitter:card'), 'summary_large_image');
    const response = await fetch(tag('og:image'));
    assert.equal(response.headers.get('Content-Type'), tag('og:image:type'));
    const { width, height } = await sharp(await response.arrayBuffer()).metadata();
    assert.deepEqual(
      [String(width), String(height)],
      [tag('og:image:width'), tag('og:image:height')],
    );
  });

  test('the link that start prints gives its key away once, to those who know the token', async () => {
    const link = createStartLink();
    link.open('vg_secret');
    assert.equal(link.take('guessed'), undefined);
    const token = link.hash.replace('#start=', '');
    assert.equal(link.take(token), 'vg_secret');
    assert.equal(link.take(token), undefined);
    const refused = await fetch(`${service.url}/start-key`, { method: 'POST' });
    assert.equal(refused.status, 410);
    assert.equal(((await refused.json()) as { code: string }).code, 'start_link_used');
  });

  test('is revalidated, its parts are kept for good', async () => {
    const first = await fetch(`${service.url}/`);
    await first.body?.cancel();
    assert.equal(first.headers.get('Cache-Control'), 'no-cache');
    const headers = { 'If-None-Match': first.headers.get('ETag') ?? '' };
    assert.equal((await fetch(`${service.url}/`, { headers })).status, 304);

    const script = /<script type="module" src="([^"]+)"/.exec(html)?.[1] ?? '';
    const asset = await fetch(service.url + script);
    assert.equal(asset.headers.get('Content-Type'), 'text/javascript; charset=utf-8');
    assert.equal(asset.headers.get('Cache-Control'), 'public, max-age=31536000, immutable');
    await asset.body?.cancel();
    const other = await fetch(service.url + script.replace(/assets\/[\w-]+/, 'assets/another'));
    assert.equal(other.status, 200);
    assert.equal(other.headers.get('Cache-Control'), 'no-cache');
    await other.body?.cancel();
    assert.equal((await fetch(`${service.url}/assets/x/..%2fassets.ts`)).status, 404);
  });

  test('comes compressed to those who take it', async () => {
    for (const [accepted, expected] of [
      ['br, gzip', 'br'],
      ['gzip, br;q=0', 'gzip'],
      ['identity', null],
    ] as const) {
      const response = await fetch(`${service.url}/`, { headers: { 'Accept-Encoding': accepted } });
      assert.equal(response.headers.get('Content-Encoding'), expected);
      assert.equal(response.headers.get('Vary'), 'Accept, Accept-Encoding');
      assert.equal(await response.text(), html);
    }
    const head = await fetch(`${service.url}/`, { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(await head.text(), '');
  });
});

/** The paths of all values in an example, such as jobs[].id. */
function pathsOf(value: unknown, path: string): string[] {
  if (Array.isArray(value))
    return value.flatMap((one) => (one instanceof Object ? pathsOf(one, `${path}[]`) : [path]));
  if (value === null || typeof value !== 'object') return [path];
  return Object.entries(value).flatMap(([name, one]) =>
    // A map of the caller's own keys has no fields to document.
    ['metadata', 'options'].includes(name) ? [] : pathsOf(one, path ? `${path}.${name}` : name),
  );
}

const sentences = [
  'Generate videos from a single image and an audio file via a simple HTTP API. Submit a job, poll for status, get back a finished video.',
  'Every request to the API (except health checks) must include your API key in the X-API-Key request header. Keep it secret — anyone with the key can submit jobs on your behalf.',
  'Stored only in your browser\'s localStorage. The "Try it" panels below will use this key automatically.',
  "Submit your first job with a single curl command. The response includes the jobId you'll use to poll for status.",
  'One job per user at a time. Submitting a new job while a previous one is still PENDING or PROCESSING returns 409. Wait for it to finish or cancel it first.',
  'Optionally include a webhookUrl to be notified when the job finishes.',
  'Response — 201 Created',
  'The jobId returned when you submitted the job.',
  'Job status values',
  "If you supplied a webhookUrl when creating a job, we'll POST a JSON payload to that URL when the job completes or fails. The body looks like the /api/status/:jobId response.",
  'Verifying the signature',
  "Every webhook is signed with HMAC-SHA256 using your account's webhook secret. The signature lives in the X-Webhook-Signature header. Reject any request where the signature doesn't match the body — anyone could otherwise forge events to your endpoint.",
  'HTTPS only. The webhookUrl must start with https://. Plain-HTTP URLs are rejected at job creation.',
  'The API uses standard HTTP status codes. Error responses include a JSON body with an error field describing the problem.',
  'Per-IP rate limits, returned over standard RateLimit-* response headers.',
  "You're also capped at 1 active job per API key — submitting another while one is PENDING or PROCESSING returns 409.",
];
