import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { multipart, pngOf, wavOf } from '../support/multipart.ts';
import { type Answer, rawSocket } from '../support/raw_http.ts';
import { until } from '../support/until.ts';
import { startUploadServer } from './upload_server.ts';

const form = multipart({ image: pngOf(2000), audio: wavOf(600_000) });
const head = `POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: ${form.contentType}\r\nContent-Length: ${form.body.length}\r\n\r\n`;

function assertTooSlow(answer: Answer): void {
  assert.deepEqual([answer.status, JSON.parse(answer.body).code], [408, 'upload_too_slow']);
}

describe('3.6 uploads that do not come to their end', () => {
  test('a client that stalls is told so, and leaves nothing', async (t) => {
    const patience = { stallMs: 200, bytesPerSecond: 1, graceMs: 60_000 };
    const server = await startUploadServer(
      t,
      { patience },
      { drainCaps: { patience: { ...patience, stallMs: 100 }, bytes: 1e9 } },
    );
    // The upload stalls before the body, within a header, or within a file, whose first chunk is stored by then.
    for (const sent of [0, 100, 1000, 500_000]) {
      const { socket, answer, closed } = await rawSocket(server.port);
      socket.write(head);
      socket.write(form.body.subarray(0, sent));
      assertTooSlow(await answer);
      assert.deepEqual(await server.left(), { blobs: 0, chunks: 0 });
      await closed;
    }
  });

  test('a client that crawls is told so, and leaves nothing', async (t) => {
    const patience = { stallMs: 60_000, bytesPerSecond: 10_000, graceMs: 300 };
    const server = await startUploadServer(t, { patience });
    const { socket, answer } = await rawSocket(server.port);
    socket.write(head);
    const crawling = setInterval(() => socket.write('-'), 10);
    assertTooSlow(await answer);
    clearInterval(crawling);
    socket.destroy();
    assert.deepEqual(await server.left(), { blobs: 0, chunks: 0 });
  });

  test('a slow but steady client gets through, however long it takes', async (t) => {
    // 30 pieces, 50 ms apart: longer than the stall and the grace together, faster than the least speed.
    const patience = { stallMs: 800, bytesPerSecond: 10_000, graceMs: 400 };
    const server = await startUploadServer(t, { patience });
    const { socket, answer } = await rawSocket(server.port);
    socket.write(head);
    const piece = Math.ceil(form.body.length / 30);
    for (let from = 0; from < form.body.length; from += piece) {
      socket.write(form.body.subarray(from, from + piece));
      await setTimeout(50);
    }
    assert.equal((await answer).status, 201);
    socket.destroy();
  });

  test('the time the database takes is not held against the client', async (t) => {
    const patience = { stallMs: 300, bytesPerSecond: 1e9, graceMs: 300 };
    const server = await startUploadServer(t, { patience });
    const locked = await server.rows.connect();
    await locked.query('begin; lock table vidgen.blob_chunk');
    const { socket, answer } = await rawSocket(server.port);
    socket.write(head);
    socket.write(form.body);
    await setTimeout(700);
    await locked.query('commit');
    locked.release();
    assert.equal((await answer).status, 201);
    socket.destroy();
  });

  test('a client that breaks off leaves nothing', async (t) => {
    const server = await startUploadServer(t);
    for (const sent of [10, 1500, 300_000, form.body.length - 1]) {
      const { socket, answer } = await rawSocket(server.port);
      answer.catch(() => {});
      socket.write(head);
      socket.write(form.body.subarray(0, sent));
      // The image is stored before the audio comes.
      while (sent > 100_000 && (await server.left())?.blobs !== 2) await setTimeout(5);
      socket.resetAndDestroy();
      await server.empty();
    }
    await until('all four are over', () => server.outcomes.length === 4);
    assert.ok(!server.outcomes.includes('stored'));
  });

  test('100 clients at once that break off leave nothing', async (t) => {
    const server = await startUploadServer(t);
    const breakOff = async () => {
      const { socket, answer } = await rawSocket(server.port);
      answer.catch(() => {});
      socket.write(head);
      await new Promise((resolve) => socket.write(form.body.subarray(0, 300_000), resolve));
      socket.destroy();
    };
    await Promise.all(Array.from({ length: 100 }, breakOff));
    await until('all are over', () => server.outcomes.length === 100);
    await server.empty();
  });
});
