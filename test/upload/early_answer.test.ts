import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { skipBrowser, startBrowser } from '../support/browser.ts';
import { multipart, pngOf, wavOf } from '../support/multipart.ts';
import { rawSocket } from '../support/raw_http.ts';
import { startUploadServer, type UploadServer } from './upload_server.ts';

const run = promisify(execFile);
const times = 20;
const megabyte = 1024 * 1024;
/** More than sockets hold: with 3 MB, a server that drains nothing loses no answer to node:http. */
const imageBytes = 5 * megabyte;
const form = multipart({ image: { ...pngOf(imageBytes), name: 'a.png' }, audio: wavOf(100) });
const formPath = join(tmpdir(), `vidgen-early-answer-${process.pid}`);

/** What one curl prints that makes these requests, again and again. */
async function curl(...requests: string[][]): Promise<string> {
  const all = Array.from({ length: times }, () => requests).flat();
  const options = all.flatMap((request) => ['--next', '-sS', ...request]).slice(1);
  return (await run('curl', ['--fail-early', ...options])).stdout;
}

/** Refusals before the body is read and in its middle: 413 after the first eighth. */
const refusals = [
  ['/refuse', 409],
  ['/upload', 413],
] as const;

describe('3.1 a client that is still sending gets to see its refusal, 20 of 20 times', () => {
  let server: UploadServer;
  /** The client's next request, over the same connection where it stays open. */
  let next: string;
  const cleanup: Array<() => unknown> = [];
  before(async () => {
    await writeFile(formPath, form.body);
    server = await startUploadServer(
      { after: (hook) => cleanup.push(hook as () => unknown) },
      { fileBytes: imageBytes / 8 },
      { drainCaps: { bytesOfAddress: 1e12 } },
    );
    next = `${server.url}/blob/none`;
  });
  after(async () => {
    for (const hook of cleanup) await hook();
    await rm(formPath);
  });

  for (const [path, status] of refusals) {
    test(`curl, ${status}`, async () => {
      const stdout = await curl(
        [
          ...['-X', 'POST', '-H', `Content-Type: ${form.contentType}`, '-H', 'Expect:'],
          ...['--data-binary', `@${formPath}`, '-w', ' %{http_code} ', server.url + path],
        ],
        ['-o', '/dev/null', '-w', '%{http_code}\n', next],
      );
      assert.match(stdout, new RegExp(`^(\\{"error":.*\\} ${status} 404\n){${times}}$`));
    });

    test(`fetch, ${status}`, async () => {
      for (let n = 0; n < times; n += 1) {
        const headers = { 'Content-Type': form.contentType };
        const answer = await fetch(server.url + path, { method: 'POST', headers, body: form.body });
        assert.equal(answer.status, status);
        assert.ok(JSON.parse(await answer.text()).error);
        assert.equal((await fetch(next)).status, 404);
      }
    });

    test(`node:http, ${status}`, async (t) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      t.after(() => agent.destroy());
      for (let n = 0; n < times; n += 1) {
        const headers = { 'Content-Type': form.contentType, 'Content-Length': form.body.length };
        const sent = request(server.url + path, { method: 'POST', headers, agent });
        sent.end(form.body);
        const [response] = await once(sent, 'response');
        const body = (await response.setEncoding('utf8').toArray()).join('');
        assert.equal(response.statusCode, status);
        assert.ok(JSON.parse(body).error);
        const [after] = await once(request(next, { agent }).end(), 'response');
        assert.equal(after.resume().statusCode, 404);
      }
    });

    test(`Python's http.client, ${status}`, async () => {
      const program = `
import http.client, json, sys
body = open(sys.argv[1], 'rb').read()
connection = http.client.HTTPConnection('127.0.0.1', ${server.port})
for n in range(${times}):
    connection.request('POST', '${path}', body, {'Content-Type': '${form.contentType}'})
    answer = connection.getresponse()
    assert json.loads(answer.read())['error']
    connection.request('GET', '/blob/none')
    after = connection.getresponse()
    after.read()
    print(answer.status, after.status)
`;
      const { stdout } = await run('python3', ['-c', program, formPath]);
      assert.equal(stdout, `${status} 404\n`.repeat(times));
    });

    test(`a slow raw socket, ${status}`, async () => {
      const slow = async () => {
        const { socket, answer } = await rawSocket(server.port);
        socket.write(
          `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${form.contentType}\r\nContent-Length: ${form.body.length}\r\n\r\n`,
        );
        socket.write(form.body.subarray(0, 0.75 * imageBytes));
        const { status: got, headers } = await answer;
        assert.deepEqual([got, headers.connection], [status, 'close']);
        // The body drips on for a while, and the connection stays open.
        for (let drops = 0; drops < 10; drops += 1) {
          await setTimeout(20);
          await new Promise((resolve) => socket.write('x', resolve));
        }
        assert.equal(socket.destroyed, false);
        socket.destroy();
      };
      await Promise.all(Array.from({ length: times }, slow));
    });
  }

  test('Chromium', { skip: skipBrowser }, async (t) => {
    const browser = await startBrowser(t);
    const page = await browser.newPage();
    await page.goto(`${server.url}/blob/none`);
    for (const [path, status] of refusals) {
      const statuses = await page.evaluate(
        async ({ path, times, size }) => {
          const statuses: number[] = [];
          // The beginning of a PNG, then other bytes.
          const head = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]);
          const body = new FormData();
          body.append('image', new Blob([head, 'IHDR', new Uint8Array(size)]), 'a.png');
          for (let n = 0; n < times; n += 1) {
            const answer = await fetch(path, { method: 'POST', body });
            if (JSON.parse(await answer.text()).error) statuses.push(answer.status);
          }
          return statuses;
        },
        { path, times, size: imageBytes },
      );
      assert.deepEqual(statuses, Array(times).fill(status));
    }
  });

  test('Expect: 100-continue: a refused upload sends no byte of its body', async () => {
    const stdout = await curl([
      ...['-X', 'POST', '-H', `Content-Type: ${form.contentType}`, '-H', 'Expect: 100-continue'],
      ...['--expect100-timeout', '60', '--data-binary', `@${formPath}`],
      ...['-o', '/dev/null', '-w', '%{http_code} %{size_upload}\n', `${server.url}/refuse`],
    ]);
    assert.equal(stdout, '409 0\n'.repeat(times));
  });

  test('Expect: 100-continue: an accepted one is told to go on when its body is wanted', async () => {
    const small = multipart({ image: pngOf(1000), audio: wavOf(1000) });
    const { socket, answer } = await rawSocket(server.port);
    socket.write(
      `POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: ${small.contentType}\r\nContent-Length: ${small.body.length}\r\nExpect: 100-continue\r\n\r\n`,
    );
    const [first] = await once(socket, 'data');
    assert.equal(first.toString(), 'HTTP/1.1 100 Continue\r\n\r\n');
    socket.write(small.body);
    assert.equal((await answer).status, 201);
    socket.destroy();
  });

  test('a body still to come closes the connection once it is taken in; one that has come keeps it', async () => {
    const early = await rawSocket(server.port);
    const head = (length: number) =>
      `POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`;
    early.socket.write(head(megabyte));
    const refused = await early.answer;
    assert.deepEqual([refused.status, refused.headers.connection], [409, 'close']);
    early.socket.write(Buffer.alloc(megabyte));
    await early.closed;

    const whole = await rawSocket(server.port);
    whole.socket.write(`${head(9)}some body`);
    const kept = await whole.answer;
    assert.deepEqual([kept.status, kept.headers.connection], [409, 'keep-alive']);
    whole.socket.write('GET /blob/none HTTP/1.1\r\nHost: a\r\n\r\n');
    const [second] = await once(whole.socket, 'data');
    assert.match(second.toString(), /^HTTP\/1.1 404/);
    whole.socket.destroy();
  });

  test('a client that offers HTTP/2 gets its refusal, and its next request through', async () => {
    const stdout = await curl(
      [
        ...['--http2', '-H', `Content-Type: ${form.contentType}`, '-H', 'Expect:'],
        ...['--data-binary', `@${formPath}`, '-o', '/dev/null', '-w', '%{http_code} '],
        `${server.url}/refuse`,
      ],
      ['--http2', '-o', '/dev/null', '-w', '%{http_code}\n', next],
    );
    assert.equal(stdout, '409 404\n'.repeat(times));
  });
});

describe('the caps of taking in a refused body', () => {
  const patient = { stallMs: 60_000, bytesPerSecond: 1, graceMs: 60_000 };
  for (const [what, caps] of [
    ['crawling', { patience: { ...patient, graceMs: 200, bytesPerSecond: 1e12 }, bytes: 1e12 }],
    ['silence', { patience: { ...patient, stallMs: 200 }, bytes: 1e12 }],
    ['bytes', { patience: patient, bytes: megabyte }],
    ['time', { patience: patient, bytes: 1e12, ms: 200 }],
  ] as const) {
    test(`${what}: the connection ends, after the answer`, async (t) => {
      const server = await startUploadServer(t, {}, { drainCaps: caps });
      const { socket, answer, closed } = await rawSocket(server.port);
      socket.write('POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n');
      assert.equal((await answer).status, 409);
      const sending = setInterval(() => {
        if (what !== 'silence') socket.write(Buffer.alloc(64 * 1024));
      }, 5);
      t.after(() => clearInterval(sending));
      await closed;
    });
  }

  test('what an address had drained in this minute counts: then its refusals end at once', async (t) => {
    const drainCaps = { patience: patient, bytesOfAddress: 2 * megabyte };
    const addressOf = ({ headers }: IncomingMessage) => String(headers['x-test-ip']);
    const server = await startUploadServer(t, {}, { drainCaps, addressOf });
    const refuse = async (ip: string) => {
      const { socket, answer, closed } = await rawSocket(server.port);
      const length = 100 * megabyte;
      socket.write(
        `POST /refuse HTTP/1.1\r\nHost: a\r\nX-Test-Ip: ${ip}\r\nContent-Length: ${length}\r\n\r\n`,
      );
      assert.equal((await answer).status, 409);
      return { socket, closed };
    };
    const first = await refuse('192.0.2.1');
    first.socket.write(Buffer.alloc(3 * megabyte));
    await first.closed;
    const second = await refuse('192.0.2.1');
    // It has sent nothing.
    await second.closed;
    const other = await refuse('192.0.2.2');
    await new Promise((sent) => other.socket.write(Buffer.alloc(megabyte), sent));
    assert.equal(other.socket.destroyed, false);
    other.socket.destroy();
  });
});
