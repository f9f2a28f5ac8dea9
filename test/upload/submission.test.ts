import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import {
  type FormEntries,
  type FormFields,
  multipart,
  pngOf,
  wavOf,
} from '../support/multipart.ts';
import { post } from '../support/raw_http.ts';
import { startUploadServer, type UploadServer } from './upload_server.ts';

const image = pngOf(5_000);
const audio = wavOf(300_000);
const text = { name: 'portrait.jpg', bytes: Buffer.from('This is no picture.\n'.repeat(500)) };

async function submit(server: UploadServer, fields: FormFields | FormEntries) {
  const form = multipart(fields);
  const answer = await post(
    `${server.url}/upload`,
    { 'Content-Type': form.contentType },
    form.body,
  );
  return { status: answer.status, json: JSON.parse(answer.body) };
}

describe('the form of POST /api/jobs', () => {
  test('3.2 what a file is called does not matter, nor what an unknown field holds', async (t) => {
    const server = await startUploadServer(t);
    for (const name of ['caf\xe9.png', 'C:\\pictures\\', '', 'a\\"b.png', '%22.png']) {
      const form = multipart({ image: { ...image, name: 'NAME' }, audio, note: 'NOTE' });
      const body = form.body.toString('latin1').replace('NAME', name).replace('NOTE', '\xff\0');
      const headers = { 'Content-Type': form.contentType };
      const answer = await post(`${server.url}/upload`, headers, Buffer.from(body, 'latin1'));
      assert.equal(answer.status, 201, `${name}: ${answer.body}`);
    }
  });

  test('3.2 stores both files as they were sent, whatever the order of the fields', async (t) => {
    const server = await startUploadServer(t);
    const forms: FormFields[] = [
      { image, audio, webhookUrl: 'https://example.com/hook' },
      { note: 'ignored', webhookUrl: 'https://example.com/hook', audio, image },
    ];
    for (const fields of forms) {
      const { status, json } = await submit(server, fields);
      assert.equal(status, 201);
      assert.equal(json.webhookUrl, 'https://example.com/hook');
      for (const [id, sent, type] of [
        [json.imageBlobId, image, 'image/png'],
        [json.audioBlobId, audio, 'audio/wav'],
      ]) {
        assert.deepEqual(await buffer(server.store.read(id)), Buffer.from(sent.bytes));
        assert.equal((await server.store.stat(id))?.contentType, type);
      }
    }
  });

  const refusals: [string, number, string, string, FormEntries][] = [
    ['a missing image', 400, 'missing_field', 'image', [['audio', audio]]],
    ['a missing audio', 400, 'missing_field', 'audio', [['image', image]]],
    ['an empty form', 400, 'missing_field', 'image', []],
    [
      'a second image',
      400,
      'repeated_field',
      'image',
      [
        ['image', image],
        ['image', image],
        ['audio', audio],
      ],
    ],
    [
      'a second audio',
      400,
      'repeated_field',
      'audio',
      [
        ['audio', audio],
        ['image', image],
        ['audio', audio],
      ],
    ],
    [
      'a second webhookUrl',
      400,
      'repeated_field',
      'webhookUrl',
      [
        ['webhookUrl', 'https://a.example'],
        ['webhookUrl', 'https://a.example'],
      ],
    ],
    [
      'an empty image',
      400,
      'empty_file',
      'image',
      [
        ['audio', audio],
        ['image', { name: 'a.png', bytes: Buffer.alloc(0) }],
      ],
    ],
    [
      'an empty audio',
      400,
      'empty_file',
      'audio',
      [
        ['image', image],
        ['audio', { name: '', bytes: Buffer.alloc(0) }],
      ],
    ],
    [
      'text in place of the image',
      400,
      'not_a_file',
      'image',
      [
        ['audio', audio],
        ['image', 'portrait.jpg'],
      ],
    ],
    [
      'text in place of the audio',
      400,
      'not_a_file',
      'audio',
      [
        ['image', image],
        ['audio', 'voiceover.mp3'],
      ],
    ],
    [
      'a blank audio',
      400,
      'missing_field',
      'audio',
      [
        ['image', image],
        ['audio', ' '],
      ],
    ],
    [
      'empty captions',
      400,
      'empty_file',
      'captions',
      [
        ['image', image],
        ['captions', { name: 'a.vtt', bytes: Buffer.alloc(0) }],
        ['audio', audio],
      ],
    ],
    [
      'a file in place of webhookUrl',
      400,
      'not_text',
      'webhookUrl',
      [
        ['image', image],
        ['audio', audio],
        ['webhookUrl', text],
      ],
    ],
    [
      'an unknown file',
      400,
      'unknown_file',
      'picture',
      [
        ['image', image],
        ['picture', image],
        ['audio', audio],
      ],
    ],
    [
      'http:// in webhookUrl',
      400,
      'invalid_webhook_url',
      'webhookUrl',
      [
        ['image', image],
        ['audio', audio],
        ['webhookUrl', 'http://a.example/'],
      ],
    ],
    [
      'a private host in webhookUrl',
      400,
      'invalid_webhook_url',
      'webhookUrl',
      [['webhookUrl', 'https://127.0.0.1/']],
    ],
    [
      '2,049 characters of webhookUrl',
      400,
      'invalid_webhook_url',
      'webhookUrl',
      [['webhookUrl', `https://a.example/${'a'.repeat(2031)}`]],
    ],
    [
      '100,000 characters of webhookUrl',
      400,
      'field_too_long',
      'webhookUrl',
      [['webhookUrl', `https://a.example/${'a'.repeat(100_000)}`]],
    ],
    ['NUL in webhookUrl', 400, 'not_text', 'webhookUrl', [['webhookUrl', 'https://a.example/\0']]],
    [
      '2 MB of unknown text',
      400,
      'field_too_long',
      'note',
      [
        ['image', image],
        ['note', 'a'.repeat(2_000_000)],
        ['audio', audio],
      ],
    ],
    [
      'a text file called portrait.jpg',
      415,
      'unsupported_media_type',
      'image',
      [
        ['audio', audio],
        ['image', text],
      ],
    ],
    [
      'a picture as audio',
      415,
      'unsupported_media_type',
      'audio',
      [
        ['image', image],
        ['audio', image],
      ],
    ],
    [
      'audio as picture',
      415,
      'unsupported_media_type',
      'image',
      [
        ['audio', audio],
        ['image', audio],
      ],
    ],
  ];
  test('3.2 3.3 3.6 a refusal names the field and leaves nothing', async (t) => {
    const server = await startUploadServer(t);
    for (const [what, status, code, field, fields] of refusals) {
      const answer = await submit(server, fields);
      assert.deepEqual(
        [answer.status, answer.json.code, answer.json.field],
        [status, code, field],
        what,
      );
      assert.match(answer.json.error, new RegExp(field), what);
      assert.deepEqual(await server.left(), { blobs: 0, chunks: 0 }, what);
    }
  });

  test('3.2 a webhookUrl is kept in its normal form', async (t) => {
    const server = await startUploadServer(t);
    const { json } = await submit(server, { image, audio, webhookUrl: 'HTTPS://Example.com/ä?b' });
    assert.equal(json.webhookUrl, 'https://example.com/%C3%A4?b');
  });

  test('1.4 a file of exactly 52,428,800 bytes is accepted, one more is 413', async (t) => {
    const server = await startUploadServer(t);
    const exact = await submit(server, { image: pngOf(52_428_800), audio });
    assert.equal(exact.status, 201);
    assert.equal((await server.store.stat(exact.json.imageBlobId))?.size, 52_428_800);
    await server.store.discard([exact.json.imageBlobId, exact.json.audioBlobId]);

    const over = await submit(server, { image, audio: wavOf(52_428_801) });
    assert.deepEqual(
      [over.status, over.json.code, over.json.field],
      [413, 'file_too_large', 'audio'],
    );
    assert.match(over.json.error, /50 MB/);
    assert.deepEqual(await server.left(), { blobs: 0, chunks: 0 });
  });

  test('3.1 the headers alone tell of a wrong type, an encoding, or a body over the total', async (t) => {
    const server = await startUploadServer(t);
    const form = multipart({ image, audio });
    for (const [headers, status, code] of [
      [{ 'Content-Type': 'application/json' }, 400, 'invalid_json'],
      [{ 'Content-Type': 'application/x-www-form-urlencoded' }, 400, 'not_multipart'],
      [{ 'Content-Type': 'multipart/mixed; boundary=x' }, 400, 'not_multipart'],
      [{}, 400, 'not_multipart'],
      [
        { 'Content-Type': form.contentType, 'Content-Encoding': 'gzip' },
        415,
        'unsupported_encoding',
      ],
    ] as [Record<string, string>, number, string][]) {
      const answer = await post(`${server.url}/upload`, headers, form.body);
      assert.deepEqual([answer.status, JSON.parse(answer.body).code], [status, code]);
    }
    const gigabyte = {
      'Content-Type': form.contentType,
      'Content-Length': String(2 ** 30),
      Expect: '100-continue',
    };
    const answer = await post(`${server.url}/upload`, gigabyte, Buffer.alloc(0));
    assert.deepEqual([answer.status, JSON.parse(answer.body).code], [413, 'body_too_large']);
  });

  test('an upload whose owner was taken for dead fails whole', async (t) => {
    const server = await startUploadServer(t);
    const steal = async function* () {
      yield Buffer.alloc(300_000);
      await server.rows.query('delete from vidgen.blob');
      yield Buffer.alloc(300_000);
    };
    const written = server.store.write(steal(), { processId: 1, contentType: 'audio/wav' });
    await assert.rejects(written, { code: 'VG500', detail: 'upload_lost' });
    assert.deepEqual(await server.left(), { blobs: 0, chunks: 0 });
  });
});
