import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { createUploads } from '../../src/upload/uploads.ts';
import { suiteCleanup } from '../support/database.ts';
import { multipart } from '../support/multipart.ts';
import { type Key, type Service, startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { until } from '../support/until.ts';

describe('uploads under way', () => {
  const cleanup = suiteCleanup();
  let service: Service;
  before(async () => {
    service = await startService(cleanup);
  });

  /** Begins to submit and stops before the last bytes. */
  async function beginUpload(key: Key) {
    const { image, audio } = await tinyInputs();
    const bytesOf = async (name: string, file: Blob) =>
      ({ name, bytes: new Uint8Array(await file.arrayBuffer()) }) as const;
    const fields = { image: await bytesOf('a.png', image), audio: await bytesOf('a.wav', audio) };
    const { contentType, body } = multipart(fields);
    const headers = {
      'X-API-Key': key.apiKey,
      'Content-Type': contentType,
      'Content-Length': body.length,
    };
    const upload = request(`${service.url}/api/jobs`, { method: 'POST', headers });
    upload.on('error', () => {});
    upload.write(body.subarray(0, -10));
    // The upload has been admitted once its first file is being stored.
    await until('the upload begins', async () =>
      Boolean(
        await service.db.first(
          sql`select from vidgen.blob where job_id is null and process_id is not null`,
        ),
      ),
    );
    return { upload, rest: body.subarray(-10) };
  }

  test('a key sends one at a time; the second is answered before its body', async () => {
    const key = await service.createKey();
    const { upload, rest } = await beginUpload(key);
    const second = await service.submit(key);
    assert.equal(second.status, 409);
    assert.equal(second.headers.get('Retry-After'), '5');
    assert.equal(((await second.json()) as { code: string }).code, 'upload_under_way');
    assert.equal((await service.submit(await service.createKey())).status, 201);
    upload.end(rest);
    const [first] = await once(upload, 'response');
    first.resume();
    assert.equal(first.statusCode, 201);
    const third = await service.submit(key);
    assert.equal(((await third.json()) as { code: string }).code, 'active_job_exists');
  });

  test('one that breaks off makes room for the next', async () => {
    const key = await service.createKey();
    const { upload } = await beginUpload(key);
    upload.destroy();
    await until('there is room', async () => (await service.submit(key)).status === 201);
  });

  test('a key that repeats an Idempotency-Key leaves room for others', () => {
    const uploads = createUploads();
    const ended = Array.from({ length: 20 }, () => uploads.begin('one', 'again', 1));
    assert.throws(() => uploads.begin('one', 'again', 1), {
      status: 409,
      code: 'upload_under_way',
    });
    uploads.begin('two', 'again', 1);
    ended[0]?.();
    uploads.begin('one', 'again', 1);
  });

  test('there is a cap for all; what ends makes room and takes its bytes along', () => {
    const uploads = createUploads(2);
    const ended = uploads.begin('one', 'again', 100);
    const repeated = uploads.begin('one', 'again', 100);
    assert.equal(uploads.bytes, 200);
    assert.throws(() => uploads.begin('two', null, 1), { status: 429, code: 'too_many_uploads' });
    assert.throws(() => uploads.begin('one', 'other', 1), { status: 409 });
    assert.throws(() => uploads.begin('one', null, 1), { status: 409 });
    ended();
    assert.throws(() => uploads.begin('one', null, 1), { status: 409 });
    repeated();
    assert.equal(uploads.bytes, 0);
    uploads.begin('one', null, 1);
  });
});
