import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { loadConfig } from '../../src/config.ts';
import { call } from '../../src/postgres/call.ts';
import { suiteCleanup } from '../support/database.ts';
import { pngOf, wavOf } from '../support/multipart.ts';
import { type Key, type Service, startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';

const mebibyte = 1024 ** 2;

describe('8.5 and 10.3: MAX_FILE_MB, and the limits of one key', { concurrency: true }, () => {
  const cleanup = suiteCleanup();
  let service: Service;
  let files: Server;
  let at: string;
  before(async () => {
    files = createServer((request, response) => {
      const bytes = Number(/\d+/.exec(request.url ?? '')?.[0]);
      response.end(request.url?.startsWith('/image') ? pngOf(bytes).bytes : wavOf(bytes).bytes);
    });
    await once(files.listen(0, '127.0.0.1'), 'listening');
    at = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
    const env = { MAX_FILE_MB: '2', FETCH_ALLOW_CIDRS: '127.0.0.0/8' };
    service = await startService(cleanup, { worker: true, env });
  });
  after(() => files.close());

  const setLimits = (
    { name }: Key,
    limits: { storedBytes?: number; fileMb?: number; audioMinutes?: number },
  ) =>
    call(service.db, 'admin.set_limits', {
      name,
      max_stored_bytes: limits.storedBytes ?? null,
      max_file_mb: limits.fileMb ?? null,
      max_audio_minutes: limits.audioMinutes ?? null,
    });
  const blobOf = (file: { bytes: Uint8Array }) => new Blob([new Uint8Array(file.bytes)]);
  const submit = async (key: Key, bytes: number) => {
    const answer = await service.submit(key, {
      image: blobOf(pngOf(bytes)),
      audio: (await tinyInputs()).audio,
    });
    const { code, error } = (await answer.json()) as { code?: string; error?: string };
    return { status: answer.status, code, error };
  };

  test('a file of exactly the limit is accepted, one byte more is 413 and says the limit', async () => {
    const key = await service.createKey();
    assert.deepEqual(await submit(key, 2 * mebibyte + 1), {
      status: 413,
      code: 'file_too_large',
      error: 'The file in the field "image" is larger than 2 MB.',
    });
    assert.equal((await submit(key, 2 * mebibyte)).status, 201);
  });

  test('so it is with fetched files', async () => {
    const job = async (key: Key, bytes: number) => {
      const body = JSON.stringify({
        imageUrl: `${at}/image/${bytes}`,
        audioUrl: `${at}/audio/1000`,
      });
      const headers = { 'Content-Type': 'application/json' };
      const answer = await service.call('/api/jobs', key, { method: 'POST', headers, body });
      const { jobId } = (await answer.json()) as { jobId: string };
      return (await service.until(key, jobId, 'FAILED')).errorMessage ?? '';
    };
    const key = await service.createKey();
    assert.match(await job(key, 2 * mebibyte + 1), /^imageUrl .* larger than 2 MB/);
    // Fetched whole, and then refused as not a picture.
    assert.doesNotMatch(await job(key, 2 * mebibyte), /larger/);
    await setLimits(key, { fileMb: 1 });
    assert.match(await job(key, 2 * mebibyte), /^imageUrl .* larger than 1 MB/);
  });

  test('a key has a limit of its own, above and below, until null', async () => {
    const key = await service.createKey();
    await setLimits(key, { fileMb: 1 });
    assert.match((await submit(key, mebibyte + 1)).error ?? '', /larger than 1 MB/);
    await setLimits(key, { fileMb: 3 });
    assert.match((await submit(key, 3 * mebibyte + 1)).error ?? '', /larger than 3 MB/);
    await setLimits(key, {});
    assert.match((await submit(key, 2 * mebibyte + 1)).error ?? '', /larger than 2 MB/);
    await setLimits(key, { fileMb: 3 });
    assert.equal((await submit(key, 3 * mebibyte)).status, 201);
  });

  test('a key that has stored as much as it may is refused; so is longer audio', async () => {
    const key = await service.createKey();
    await setLimits(key, { audioMinutes: 1 });
    const { image } = await tinyInputs();
    const made = await service.submit(key, { image, audio: silence(63) });
    assert.equal(made.status, 201);
    const { jobId } = (await made.json()) as { jobId: string };
    assert.match(
      (await service.until(key, jobId, 'FAILED')).errorMessage ?? '',
      /longer than 1 minute\. /,
    );
    await setLimits(key, { storedBytes: 1 });
    assert.equal((await submit(key, 100)).code, 'storage_quota_exceeded');
    await setLimits(key, {});
    assert.equal((await submit(key, 100)).status, 201);
  });

  test('the documents say what is set', async () => {
    for (const path of ['/openapi.json', '/']) {
      const text = await (await service.call(path)).text();
      assert.doesNotMatch(text, /\b50 MB\b/, path);
      assert.match(text, /\b2 MB\b/, path);
    }
  });

  test('the setting accepts 1 to 2,048 and defaults to 50', () => {
    assert.equal(loadConfig({}).maxFileBytes, 52_428_800);
    assert.equal(loadConfig({ MAX_FILE_MB: '2048' }).maxFileBytes, 2 ** 31);
    for (const megabytes of ['0', '2049', '1.5', 'many'])
      assert.throws(
        () => loadConfig({ MAX_FILE_MB: megabytes }),
        /MAX_FILE_MB must be a whole number/,
      );
  });
});

/** Mono, 8 kHz, 16 bits. */
function silence(seconds: number): Blob {
  const bytes = Buffer.alloc(44 + seconds * 16_000);
  Buffer.from(wavOf(36).bytes).copy(bytes);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('data', 36);
  bytes.writeUInt32LE(bytes.length - 44, 40);
  return new Blob([bytes]);
}
