import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { get } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { parseRange } from '../../src/http/serve_blob.ts';
import { until } from '../support/until.ts';
import { startUploadServer, type UploadServer } from '../upload/upload_server.ts';

const bytes = randomBytes(1_000_000);

describe('5.2 a stored file over HTTP', () => {
  let server: UploadServer;
  let url: string;
  let etag: string;
  const cleanup: Array<() => unknown> = [];
  before(async () => {
    server = await startUploadServer({ after: (hook) => cleanup.push(hook as () => unknown) });
    const source = async function* () {
      yield bytes;
    };
    const blob = await server.store.write(source(), { processId: 1, contentType: 'video/mp4' });
    url = `${server.url}/blob/${blob.id}`;
    etag = `"${blob.sha256}"`;
  });
  after(async () => {
    for (const hook of cleanup) await hook();
  });

  const fetched = async (headers: Record<string, string> = {}, method = 'GET') => {
    const answer = await fetch(url, { method, headers });
    return {
      status: answer.status,
      headers: answer.headers,
      body: Buffer.from(await answer.arrayBuffer()),
    };
  };

  test('whole, with all that a player and a cache want to know', async () => {
    const { status, headers, body } = await fetched();
    assert.equal(status, 200);
    assert.ok(body.equals(bytes));
    assert.equal(headers.get('Content-Type'), 'video/mp4');
    assert.equal(headers.get('Content-Length'), '1000000');
    assert.equal(headers.get('Accept-Ranges'), 'bytes');
    assert.equal(headers.get('ETag'), etag);
    assert.equal(headers.get('X-Content-Type-Options'), 'nosniff');
    assert.ok(headers.get('Cache-Control'));
  });

  test('HEAD tells the same without the bytes', async () => {
    const [whole, head] = [await fetched(), await fetched({}, 'HEAD')];
    assert.equal(head.status, 200);
    assert.equal(head.body.length, 0);
    for (const name of ['Content-Type', 'Content-Length', 'Accept-Ranges', 'ETag', 'Cache-Control'])
      assert.equal(head.headers.get(name), whole.headers.get(name), name);
  });

  test('one range is 206 and just those bytes', async () => {
    for (const [range, start, end] of [
      ['bytes=0-0', 0, 0],
      ['bytes=0-999999', 0, 999_999],
      ['bytes=262143-262144', 262_143, 262_144],
      ['bytes=500000-', 500_000, 999_999],
      ['bytes=999999-5000000', 999_999, 999_999],
      ['bytes=-1', 999_999, 999_999],
      ['bytes=-5000000', 0, 999_999],
      ['bytes = 10 - 20', 10, 20],
    ] as const) {
      const { status, headers, body } = await fetched({ Range: range });
      assert.equal(status, 206, range);
      assert.equal(headers.get('Content-Range'), `bytes ${start}-${end}/1000000`);
      assert.equal(headers.get('Content-Length'), String(end - start + 1));
      assert.ok(body.equals(bytes.subarray(start, end + 1)), range);
    }
  });

  test('a range beyond the end is 416 and tells the size', async () => {
    for (const Range of [
      'bytes=1000000-',
      'bytes=1000000-1000001',
      'bytes=-0',
      'bytes=999999999999999-',
    ]) {
      const { status, headers, body } = await fetched({ Range });
      assert.equal(status, 416, Range);
      assert.equal(headers.get('Content-Range'), 'bytes */1000000');
      assert.equal(JSON.parse(body.toString()).code, 'range_not_satisfiable');
    }
  });

  test('what is no range, or several, is answered with the whole file', async () => {
    for (const Range of [
      'bytes=0-1,5-6',
      'bytes=5-1',
      'bytes=a-b',
      'bytes=-',
      'bytes=',
      'lines=0-1',
      'bytes=1',
      'bytes=--1',
    ]) {
      const { status, body } = await fetched({ Range });
      assert.deepEqual([status, body.length], [200, 1_000_000], Range);
    }
  });

  test('304 for a client that has the file, whatever else it asks for', async () => {
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const { status, headers, body } = await fetched({ 'If-None-Match': tag, Range: 'bytes=0-1' });
      assert.deepEqual([status, headers.get('ETag'), body.length], [304, etag, 0], tag);
    }
    assert.equal((await fetched({ 'If-None-Match': '"other"' })).status, 200);
    assert.equal((await fetched({ 'If-None-Match': etag }, 'HEAD')).status, 304);
  });

  test('If-Range: a range of this version only, and of a strong tag', async () => {
    const Range = 'bytes=0-9';
    assert.equal((await fetched({ Range, 'If-Range': etag })).status, 206);
    for (const other of ['"other"', `W/${etag}`, 'Wed, 21 Oct 2026 07:28:00 GMT'])
      assert.equal((await fetched({ Range, 'If-Range': other })).status, 200, other);
  });

  test('a client that goes away stops the reading', async (t) => {
    const opened: string[] = [];
    const closed: string[] = [];
    const read = server.store.read;
    const endless = async function* () {
      opened.push('read');
      try {
        while (true) yield bytes;
      } finally {
        closed.push('read');
      }
    };
    server.store.read = endless;
    t.after(() => {
      server.store.read = read;
    });
    const request = get(url);
    const [response] = await once(request, 'response');
    await once(response, 'data');
    response.destroy();
    await until('it is closed', () => closed.length > 0);
    assert.deepEqual(opened, ['read']);
  });

  test('a file that turns out damaged breaks the connection: it is never silently short', async () => {
    await server.rows.query('delete from vidgen.blob_chunk where n = 2');
    await assert.rejects(fetched(), /terminated|fetch failed/);
  });
});

test('parseRange never leaves the file', () => {
  for (const size of [0, 1, 10]) {
    for (const first of ['', '0', '1', '9', '10', '11'])
      for (const last of ['', '0', '1', '9', '10', '11']) {
        const range = parseRange(`bytes=${first}-${last}`, size);
        if (typeof range === 'object')
          assert.ok(range.start >= 0 && range.start <= range.end && range.end < size);
      }
  }
});
