import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { describe, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { multipart, pngOf, wavOf } from '../support/multipart.ts';
import { type Answer, post, rawSocket } from '../support/raw_http.ts';
import { startUploadServer } from './upload_server.ts';

const boundary = 'b0undary';
const contentType = `multipart/form-data; boundary=${boundary}`;
const image = pngOf(60);
const audio = wavOf(60);
const whole = multipart({ image, audio }, boundary).body;

/** A form of handwritten parts: the headers and body of each. */
const form = (...parts: string[]) =>
  Buffer.from(
    `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`,
    'latin1',
  );
const imagePart = `Content-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n${Buffer.from(image.bytes).toString('latin1')}`;
const audioPart = `Content-Disposition: form-data; name="audio"; filename="a.wav"\r\n\r\n${Buffer.from(audio.bytes).toString('latin1')}`;
const replaced = (from: string, to: string) =>
  Buffer.from(whole.toString('latin1').replaceAll(from, to), 'latin1');
const withPart = (part: string) => form(imagePart, part, audioPart);
const field = (rest: string) => withPart(`Content-Disposition: form-data; ${rest}\r\n\r\nx`);

const corpus: [string, Buffer, string?][] = [
  ['no boundary in the header', whole, 'multipart/form-data'],
  ['an empty boundary', whole, 'multipart/form-data; boundary='],
  ['a boundary of 71 characters', whole, `multipart/form-data; boundary=${'b'.repeat(71)}`],
  ['a boundary that does not close its quote', whole, `multipart/form-data; boundary="${boundary}`],
  ['another boundary than the header names', whole, 'multipart/form-data; boundary=other'],
  [
    'a boundary in the wrong case',
    whole,
    `multipart/form-data; boundary=${boundary.toUpperCase()}`,
  ],
  ['an empty body', Buffer.alloc(0)],
  ['one line break', Buffer.from('\r\n')],
  ['JSON', Buffer.from('{"image":"a","audio":"b"}')],
  ['a megabyte of nothing', Buffer.alloc(1_000_000)],
  ['a megabyte of line breaks', Buffer.from('\r\n'.repeat(500_000))],
  [
    'a megabyte of beginnings of the boundary',
    Buffer.from(`\r\n--${boundary.slice(0, -1)}`.repeat(90_000)),
  ],
  ['boundaries only', Buffer.from(`--${boundary}\r\n`.repeat(10_000))],
  ['the end first', Buffer.concat([Buffer.from(`--${boundary}--\r\n`), whole])],
  ['text on a boundary line', replaced(`--${boundary}\r\n`, `--${boundary}junk\r\n`)],
  ['a part without headers', withPart('\r\nx')],
  ['a part without headers or body', withPart('')],
  ['a part that ends in its headers', withPart('Content-Disposition: form-data; name="x"')],
  ['no Content-Disposition', withPart('Content-Type: text/plain\r\n\r\nx')],
  [
    'Content-Disposition: attachment',
    withPart('Content-Disposition: attachment; name="x"\r\n\r\nx'),
  ],
  [
    'two Content-Dispositions',
    withPart(
      'Content-Disposition: form-data; name="x"\r\nContent-Disposition: form-data; name="y"\r\n\r\nx',
    ),
  ],
  ['no name', field('filename="a.png"')],
  ['an empty name', field('name=""')],
  ['two names', field('name="a"; name="b"')],
  ['a name without its closing quote', field('name="a')],
  ['a name without quotes and with a space', field('name=a b')],
  ['junk behind the name', field('name="a"junk')],
  ['NUL in a name', field('name="a\0b"')],
  ['NUL in a header', withPart('Content-Disposition: form-data; name="x"\r\nX-\0: y\r\n\r\nx')],
  [
    'a header without a colon',
    withPart('Content-Disposition: form-data; name="x"\r\nnonsense\r\n\r\nx'),
  ],
  ['a header without a name', withPart('Content-Disposition: form-data; name="x"\r\n: y\r\n\r\nx')],
  ['a space before the colon', withPart('Content-Disposition : form-data; name="x"\r\n\r\nx')],
  ['a folded header', withPart('Content-Disposition: form-data;\r\n name="x"\r\n\r\nx')],
  [
    'a header of 1 MB',
    withPart(
      `Content-Disposition: form-data; name="x"\r\nX-Long: ${'a'.repeat(1_000_000)}\r\n\r\nx`,
    ),
  ],
  [
    'a header of 1 MB without end',
    Buffer.from(`--${boundary}\r\nX-Long: ${'a'.repeat(1_000_000)}`),
  ],
  ['a header of 15 KB of spaces', withPart(`X-Long: a${' '.repeat(15_000)}a\r\n\r\nx`)],
  ['a name of 15 KB of backslashes', field(`name="${'\\'.repeat(15_001)}"junk`)],
  ['10,000 headers', withPart(`${'X: y\r\n'.repeat(10_000)}\r\nx`)],
  [
    '10,000 parts',
    form(
      ...Array.from(
        { length: 10_000 },
        (_, i) => `Content-Disposition: form-data; name="x${i}"\r\n\r\nx`,
      ),
    ),
  ],
  ['10,000 bytes before the first part', Buffer.concat([Buffer.alloc(10_000, 'x'), whole])],
  ['10,000 bytes behind the end', Buffer.concat([whole, Buffer.alloc(10_000, 'x')])],
  ['CR without LF', replaced('\r\n', '\r')],
  ['LF without CR', replaced('\r\n', '\n')],
  ['CR without LF in headers', withPart('Content-Disposition: form-data; name="x"\rX: y\r\n\r\nx')],
  ['LF without CR in headers', withPart('Content-Disposition: form-data; name="x"\nX: y\r\n\r\nx')],
  [
    'nested multipart',
    withPart(
      'Content-Disposition: form-data; name="files"\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\n\r\nx\r\n--in--',
    ),
  ],
  [
    'a part in base64',
    form(imagePart.replace('\r\n\r\n', '\r\nContent-Transfer-Encoding: base64\r\n\r\n'), audioPart),
  ],
  ['a gzipped body', gzipSync(whole)],
];

const head = (length: number) =>
  `POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: ${contentType}\r\nContent-Length: ${length}\r\n\r\n`;

/** Every answer to a malformed body is a refusal in the shape of all errors. */
function assertRefused({ status, headers, body }: Answer, what: string): void {
  assert.ok([400, 413, 415].includes(status), `${what}: ${status} ${body}`);
  assert.match(headers['content-type'] ?? '', /^application\/json/, what);
  const { error, code } = JSON.parse(body);
  assert.ok(error.length > 20 && /^[a-z_]+$/.test(code), `${what}: ${body}`);
}

describe('3.2 3.6 malformed uploads', () => {
  test('each body of the corpus is refused and leaves nothing', async (t) => {
    const server = await startUploadServer(t);
    for (const [what, body, type] of corpus) {
      assertRefused(
        await post(`${server.url}/upload`, { 'Content-Type': type ?? contentType }, body),
        what,
      );
    }
    assert.deepEqual(await server.left(), { blobs: 0, chunks: 0 });
    const good = await post(`${server.url}/upload`, { 'Content-Type': contentType }, whole);
    assert.equal(good.status, 201);
  });

  test('a body that ends at any offset is refused and leaves nothing', async (t) => {
    const server = await startUploadServer(t);
    // The last two bytes are a line break that may be missing.
    for (let length = 0; length < whole.length - 2; length += 1) {
      const answer = await post(
        `${server.url}/upload`,
        { 'Content-Type': contentType },
        whole.subarray(0, length),
      );
      assertRefused(answer, `${length} of ${whole.length} bytes`);
    }
    assert.deepEqual(await server.left(), { blobs: 0, chunks: 0 });
  });

  test('so is one whose sender hangs up there', async (t) => {
    const server = await startUploadServer(t);
    for (let length = 0; length < whole.length; length += 7) {
      const { socket, answer } = await rawSocket(server.port);
      socket.write(head(whole.length));
      socket.end(whole.subarray(0, length));
      assertRefused(await answer, `${length} of ${whole.length} bytes`);
    }
    await server.empty();
  });

  test('a body cut into single bytes is read like any other', async (t) => {
    const server = await startUploadServer(t);
    const sent = request(`${server.url}/upload`, {
      method: 'POST',
      headers: { 'Content-Type': contentType },
    });
    sent.setNoDelay(true);
    for (const byte of whole) sent.write(Buffer.of(byte));
    sent.end();
    const [response] = await once(sent, 'response');
    assert.equal(
      response.statusCode,
      201,
      JSON.stringify(await response.setEncoding('utf8').toArray()),
    );
  });

  test('flipped bytes never make a 500, and what is stored is whole', async (t) => {
    const server = await startUploadServer(t);
    const random = generator(20260507);
    let stored = 0;
    for (let round = 0; round < 200; round += 1) {
      const body = Buffer.from(whole);
      for (let flips = 1 + random(3); flips > 0; flips -= 1)
        body[random(body.length)] = random(256);
      const answer = await post(`${server.url}/upload`, { 'Content-Type': contentType }, body);
      if (answer.status === 201) stored += 1;
      else assertRefused(answer, `round ${round}: ${JSON.stringify(body.toString('latin1'))}`);
    }
    assert.ok(stored > 0 && stored < 200, `${stored} of 200`);
    assert.deepEqual(await server.left(), { blobs: 2 * stored, chunks: 2 * stored });
  });

  test('an endless header, field or preamble takes no memory', async (t) => {
    const server = await startUploadServer(t);
    setFlagsFromString('--expose-gc');
    const collectGarbage: () => void = runInNewContext('gc');
    collectGarbage();
    const before = process.memoryUsage();
    let most = 0;
    // Twice the memory that it may take.
    const piece = Buffer.alloc(64 * 1024, 'a');
    const pieces = 512;
    for (const beginning of [
      `--${boundary}\r\nX-Long: `,
      `--${boundary}\r\nContent-Disposition: form-data; name="note"\r\n\r\n`,
      '',
    ]) {
      const { socket, answer } = await rawSocket(server.port);
      socket.write(head(beginning.length + pieces * piece.length) + beginning);
      for (let n = 0; n < pieces; n += 1) {
        if (!socket.write(piece)) await once(socket, 'drain');
        if (n % 64 > 0) continue;
        collectGarbage();
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        most = Math.max(most, heapUsed + arrayBuffers - before.heapUsed - before.arrayBuffers);
      }
      assertRefused(await answer, beginning);
      socket.destroy();
    }
    assert.ok(most < 16 * 1024 * 1024, `${most} bytes`);
  });
});

/** Whole numbers below a limit, the same on every run (mulberry32). */
function generator(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}
