import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import type { Transport } from '../../src/outbound/connector.ts';
import { parseCidrs } from '../../src/outbound/webhook_url.ts';
import { MediaError } from '../../worker/media/errors.ts';
import { type FetchedFile, type FetchOptions, fetchFile } from '../../worker/tasks/fetch_file.ts';
import { authority } from '../support/certificates.ts';
import { pngOf } from '../support/multipart.ts';
import { answering, literalHosts, namedHosts } from '../support/private_hosts.ts';
import {
  type Answer,
  answer,
  drip,
  hang,
  type Receiver,
  redirect,
  reset,
  startReceiver,
} from '../support/receiver.ts';

const megabyte = 1024 * 1024;
const picture = Buffer.from(pngOf(300_000).bytes);

/** Keeps what is stored, and what is left of it when the source breaks off: nothing. */
function memory() {
  const stored: Buffer[] = [];
  return {
    stored,
    async write(source: AsyncIterable<Uint8Array>) {
      const bytes = await buffer(Readable.from(source));
      stored.push(bytes);
      return {
        id: 'blob',
        size: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      };
    },
  };
}

const bytes =
  (body: Buffer, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(200, { 'Content-Type': 'image/png', ...headers }).end(body);

describe('8.2 8.3 files fetched from the addresses that callers give', () => {
  let source: Receiver;
  before(async () => {
    source = await startReceiver();
  });
  after(() => source.close());

  const opened = (): Transport => ({ ranges: parseCidrs('127.0.0.1/32'), ca: source.ca });
  const fetchFrom = async (
    url: string,
    o: Partial<FetchOptions> = {},
  ): Promise<{ fetched: FetchedFile; stored: Buffer[] }> => {
    const store = memory();
    const fetched = await fetchFile({
      ...{ kind: 'image', url, maxBytes: megabyte, store, processId: 1, pausesMs: [0, 0] },
      ...{ transport: opened(), signal: new AbortController().signal },
      ...o,
    });
    return { fetched, stored: store.stored };
  };
  /** What the caller reads, and how often the source was asked. */
  const refused = async (answers: Answer[], o: Partial<FetchOptions> = {}, url = source.url) => {
    source.answers = answers;
    const asked = source.received.length;
    const store = memory();
    const failed = await fetchFrom(url, { ...o, store }).catch((error: unknown) => error);
    assert.ok(failed instanceof MediaError, String(failed));
    assert.equal(store.stored.length, 0);
    return { message: failed.message, tries: source.received.length - asked };
  };

  test('are stored with their type by their bytes, whatever the source says of them', async () => {
    source.answers = [bytes(picture, { 'Content-Type': 'text/plain' })];
    const { fetched, stored } = await fetchFrom(source.url);
    assert.deepEqual(stored, [picture]);
    assert.equal(fetched.contentType, 'image/png');
    assert.equal(fetched.sha256, createHash('sha256').update(picture).digest('hex'));
    const { headers, method } = source.received.at(-1) ?? {
      headers: {} as Record<string, unknown>,
    };
    assert.equal(method, 'GET');
    assert.equal(headers['accept-encoding'], 'identity');
    for (const name of ['cookie', 'authorization', 'x-api-key', 'referer'])
      assert.equal(headers[name], undefined, name);
  });

  test('are followed over five redirects, without what a host on the way has set', async () => {
    const onward = (path: string): Answer =>
      answer(302, '', { location: path, 'set-cookie': 'a=b' });
    source.answers = [...[1, 2, 3, 4, 5].map((n) => onward(`/${n}`)), bytes(picture)];
    assert.equal((await fetchFrom(source.url)).stored[0]?.length, picture.length);
    assert.equal(source.received.at(-1)?.path, '/5');
    assert.equal(source.received.at(-1)?.headers.cookie, undefined);
    const endless = await refused([onward('/again')]);
    assert.match(endless.message, /^imageUrl is redirected more than 5 times/);
    assert.equal(endless.tries, 6);
  });

  test('what the caller must mend is said at once, with field, host and remedy', async () => {
    const html = '<!DOCTYPE html><title>Sign in</title>';
    const page = answer(200, html, { 'Content-Type': 'text/html; charset=utf-8' });
    const cases: [string, RegExp, Answer, Partial<FetchOptions>?][] = [
      ['401', /localhost answered 401, so the file is not public/, answer(401)],
      ['403', /answered 403, so the file is not public/, answer(403)],
      ['404', /answered 404: there is no file/, answer(404)],
      ['410', /answered 410: there is no file/, answer(410)],
      ['204', /answered 204 where 200 was expected/, answer(204)],
      ['a redirect to nowhere', /answered 302 where/, answer(302)],
      ['a web page', /leads to a web page on localhost, not to a JPEG, PNG or WebP picture/, page],
      ['an unsupported type', /unsupported type \(image\/png\)/, bytes(Buffer.from('GIF89a'))],
      ['an empty file', /leads to an empty file on localhost\. Check/, bytes(Buffer.alloc(0))],
      [
        'too large by its header',
        /larger than 1 MB/,
        bytes(Buffer.concat([picture, Buffer.alloc(megabyte)]), {
          'Content-Length': String(picture.length + megabyte),
        }),
      ],
      ['too large by its bytes', /larger than 1 MB/, endless],
      ['compressed', /compressed \(gzip\)/, bytes(picture, { 'Content-Encoding': 'gzip' })],
      [
        'captions with a broken line',
        /leads to a file on localhost that cannot be read\. Line 2 of the captions: times were expected/,
        bytes(Buffer.from('1\nwhat\n')),
        { kind: 'captions' },
      ],
      [
        'a page for captions',
        /web page on localhost, not to an SRT or WebVTT file/,
        page,
        { kind: 'captions' },
      ],
    ];
    for (const [what, sentence, given, o] of cases) {
      const { message, tries } = await refused([given], o);
      assert.match(message, sentence, what);
      assert.match(message, new RegExp(`^${o?.kind ?? 'image'}Url `), what);
      assert.equal(tries, 1, what);
    }
  });

  test('share links that answer a page get the way to the file', async () => {
    const page = answer(200, '<html>', { 'Content-Type': 'text/html' });
    const hosts: [string, RegExp][] = [
      ['www.dropbox.com', /dl=1/],
      ['drive.google.com', /uc\?export=download/],
      ['1drv.ms', /download=1/],
      ['example-my.sharepoint.com', /download=1/],
    ];
    const names = hosts.map(([host]) => host);
    const receiver = await startReceiver({ certificate: authority().certify(names) });
    receiver.answers = [page];
    const lookup = answering(() => ['127.0.0.1']);
    for (const [host, sentence] of hosts) {
      const failed = fetchFrom(`https://${host}:${receiver.port}/s/abc`, {
        transport: { ...opened(), lookup },
      });
      await assert.rejects(failed, { message: sentence });
    }
    await receiver.close();
  });

  test('what may pass is tried three times', async () => {
    const cases: [string, RegExp, Answer][] = [
      ['500', /answered 500, an error of its own\. Try again later/, answer(500)],
      ['503', /answered 503/, answer(503, '', { 'Retry-After': '0' })],
      ['429', /answered 429, too many requests/, answer(429)],
      ['a reset', /broke off its answer/, reset],
      ['silence', /sent nothing for too long/, hang],
      ['a body broken off', /broke off its answer/, brokenOff],
    ];
    for (const [what, sentence, given] of cases) {
      const transport = { ...opened(), idleMs: 300 };
      const { message, tries } = await refused([given], { transport });
      assert.match(message, sentence, what);
      assert.equal(tries, 3, what);
    }
    source.answers = [answer(500), reset, bytes(picture)];
    assert.equal((await fetchFrom(source.url)).stored.length, 1);
    const patient = await refused([answer(429, '', { 'Retry-After': '3600' })]);
    assert.match(patient.message, /to wait for 3600 seconds/);
    assert.equal(patient.tries, 1);
  });

  test('a source that drips for ever ends with the time for a whole file', async () => {
    const { message } = await refused([drip(200)], { wholeMs: 600, pausesMs: [] });
    assert.match(message, /took longer than 0\.01 minutes/);
  });

  test('names that are not found, ports that are closed, certificates that do not fit', async () => {
    const unknown = await refused([], { pausesMs: [] }, 'https://nowhere.invalid/a.png');
    assert.match(unknown.message, /names the host nowhere\.invalid, which could not be found/);
    const free = createServer();
    await once(free.listen(0, '127.0.0.1'), 'listening');
    const { port } = free.address() as AddressInfo;
    free.on('connection', (socket) => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const plain = await refused([], {}, `https://127.0.0.1:${port}/`);
    await new Promise((resolve) => free.close(resolve));
    assert.match(plain.message, /speaks no TLS at this port.*\(ERR_SSL_/);
    const shut = await refused([], { pausesMs: [] }, `https://127.0.0.1:${port}/`);
    assert.match(shut.message, /takes no connection.*\(ECONNREFUSED\)/);
    const lookup = answering(() => ['127.0.0.1']);
    const other = await refused(
      [],
      { transport: { ...opened(), lookup } },
      `https://other.test:${source.port}/`,
    );
    assert.match(other.message, /whose certificate is not trusted or does not fit.*\(ERR_TLS/);
    const strange = await refused([], { transport: { ...opened(), ca: undefined } });
    assert.match(strange.message, /whose certificate/);
  });

  test('a private address is reached by no way in: text, name, redirect, change of mind', async (t) => {
    let reached = 0;
    const listener = createServer((socket) => {
      reached++;
      socket.on('error', () => {}).end();
    });
    t.after(() => listener.close());
    await once(listener.listen(0), 'listening');
    const { port } = listener.address() as AddressInfo;
    const closed: Transport = { ranges: [], lookup: answering((name) => namedHosts[name] ?? []) };
    for (const scheme of ['https', 'http']) {
      for (const host of [...literalHosts, ...Object.keys(namedHosts)]) {
        const url = `${scheme}://${host}:${port}/`;
        await assert.rejects(fetchFrom(url, { transport: closed }), MediaError, url);
      }
      // 127.0.0.1 plays the public host here, and sends on to all the others.
      for (const host of literalHosts.filter((one) => isAscii(one) && !isOpened(one))) {
        const sent = await refused(
          [redirect(`${scheme}://${host}:${port}/`)],
          { transport: { ...opened(), lookup: closed.lookup } },
          `https://127.0.0.1:${source.port}/`,
        );
        assert.match(
          sent.message,
          /redirected by 127\.0\.0\.1 to an address that is refused|which is or leads to a private/,
          host,
        );
      }
    }
    for (const location of [
      'file:///etc/passwd',
      'ftp://example.com/',
      'data:image/png;base64,AA',
      `https://user:pw@127.0.0.1:${source.port}/`,
      'https://127.0.0.1:25/',
    ]) {
      const { message } = await refused([redirect(location)]);
      assert.match(message, /redirected by localhost to an address that is refused/, location);
    }
    assert.equal(reached, 0);

    let lookups = 0;
    const lookup = answering(() => [++lookups % 2 === 1 ? '127.0.0.1' : '127.0.0.2']);
    source.answers = [bytes(picture)];
    const changing = { transport: { ...opened(), lookup }, pausesMs: [] };
    const url = `https://hook.test:${source.port}/`;
    assert.equal((await fetchFrom(url, changing)).stored.length, 1);
    await assert.rejects(fetchFrom(url, changing), { message: /private, loopback or reserved/ });
    assert.equal(lookups, 2);
  });
});

/** What a Location header can hold. */
const isAscii = (host: string) => /^[!-~]+$/.test(host);

/** Whether it is one of the spellings of 127.0.0.1. */
const isOpened = (host: string) =>
  /^(127\.0\.0\.1\.?|\[::ffff:7f00:1\])$/.test(new URL(`http://${host}/`).hostname);

/** A picture without an end. */
const endless: Answer = (response) => {
  response.writeHead(200, { 'Content-Type': 'image/png' });
  response.write(picture);
  const pour = () => {
    while (!response.destroyed && response.write(picture));
  };
  response.on('drain', pour);
  pour();
};

/** Half of a picture, and then the end of the connection. */
const brokenOff: Answer = (response, _request, tcp) => {
  response.writeHead(200, { 'Content-Length': picture.length });
  response.write(picture.subarray(0, 100_000), () => tcp.destroy());
};
