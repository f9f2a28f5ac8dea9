import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { optionNames, rendererNumber } from '../../src/video_options.ts';
import { type Contract, contractOf } from '../support/contract.ts';
import { suiteCleanup } from '../support/database.ts';
import { type FormFile, pngOf, wavOf } from '../support/multipart.ts';
import { type Key, type Service, startService } from '../support/service.ts';

type Fields = [string, FormFile | string][];
type Stored = { options: unknown; metadata: unknown; needs_renderer: number; files: string[] };

const image: [string, FormFile] = ['image', pngOf(2_000)];
const audio: [string, FormFile] = ['audio', wavOf(2_000)];

describe('section 7: options of a job', { concurrency: true }, () => {
  let service: Service;
  let call: Contract;
  const cleanup = suiteCleanup();
  before(async () => {
    service = await startService(cleanup);
    call = contractOf(service);
  });

  const submit = (key: Key, fields: Fields, headers: Record<string, string> = {}) => {
    const form = new FormData();
    for (const [name, value] of fields) {
      if (typeof value === 'string') form.append(name, value);
      else form.append(name, new File([new Uint8Array(value.bytes)], value.name));
    }
    return call('/api/jobs', key, { method: 'POST', headers, body: form });
  };
  const stored = async (jobId = '') =>
    service.db.first(sql<Stored>`
      select options, metadata, needs_renderer,
        array(select b.kind from vidgen.blob b where b.job_id = j.id order by b.kind) as files
      from vidgen.job j where id = ${jobId}`);

  test('what is given is stored, and only that: trimmed, in any order, blanks left out', async () => {
    const captions: FormFile = {
      name: 'a.srt',
      bytes: Buffer.from('1\n00:00:00,000 --> 00:00:01,000\nHi\n'),
    };
    const key = await service.createKey();
    const { status, headers, body } = await submit(key, [
      ['loudness', ' -14 '],
      image,
      ['target', 'reels'],
      ['background', '#FFaa00'],
      ['metadata', '{"order": "17"}'],
      ['title', '  Ein schöner Titel 🎧 '],
      ['artist', '   '],
      ['webhookUrl', ' '],
      ['captions', captions],
      audio,
      ['captionLanguage', 'pt-BR'],
      ['unheard of', 'x'],
    ]);
    assert.equal(status, 201, body.error);
    assert.equal(headers.get('Location'), `/api/jobs/${body.jobId}`);
    assert.deepEqual(
      { ...(await stored(body.jobId)) },
      {
        options: {
          loudness: -14,
          target: 'reels',
          background: '#ffaa00',
          title: 'Ein schöner Titel 🎧',
          captionLanguage: 'pt-BR',
        },
        metadata: { order: '17' },
        needs_renderer: rendererNumber,
        files: ['audio', 'captions', 'image'],
      },
    );
  });

  test('a job without options is any worker’s', async () => {
    const { body } = await submit(await service.createKey(), [image, audio]);
    const plain = { options: {}, metadata: null, needs_renderer: 0, files: ['audio', 'image'] };
    assert.deepEqual({ ...(await stored(body.jobId)) }, plain);
  });

  test('a bad value is a 400 with the field, the value and what is allowed; nothing is left', async () => {
    const key = await service.createKey();
    const bad: [name: string, value: string, allowed: RegExp][] = [
      ['aspectRatio', '3:2', /source, 16:9, 9:16, 1:1, 4:5; "3:2"/],
      ['aspectRatio', 'SOURCE', /source/],
      ['resolution', '1080', /1080p, 720p, 1440p, 2160p/],
      ['fit', 'stretch', /contain, cover, blur/],
      ['background', 'red', /#1a2b3c, or auto; "red"/],
      ['background', '#fff', /#1a2b3c/],
      ['motion', 'zoom', /none, zoom-in, zoom-out, pan-left, pan-right/],
      ['waveform', 'circle', /none, bars, line, progress/],
      ['waveformColor', 'auto', /#1a2b3c/],
      ['waveformPosition', 'left', /bottom, center, top/],
      ['captionStyle', 'karaoke', /track, burned, both/],
      ['captionLanguage', 'english', /en, pt-BR/],
      ['loudness', '-15', /keep, -14, -16, -19, -23; -15/],
      ['loudness', '14', /keep, -14, -16, -19, -23/],
      ['title', 'x'.repeat(201), /at most 200/],
      ['artist', 'bell \u0007', /control characters/],
      ['description', '😀'.repeat(2_001), /at most 2000/],
      ['target', 'vimeo', /youtube, .*whatsapp; "vimeo"/],
      ['metadata', 'order 17', /JSON object/],
      ['metadata', '{"order":17}', /all strings/],
      ['metadata', '["order"]', /all strings/],
      ['metadata', '{"a":"b","a":"c"}', /twice/],
      ['metadata', '{"__proto__":"x"}', /__proto__/],
      ['metadata', '{"a":"\\u0000"}', /NUL/],
      ['metadata', '{"a":"\\ud800"}', /half a character/],
      ['metadata', JSON.stringify({ a: 'x'.repeat(2_048) }), /2 KB/],
      [
        'metadata',
        JSON.stringify(Object.fromEntries([...'abcdefghijklmnopqrstu'].map((k) => [k, '']))),
        /20/,
      ],
    ];
    for (const [name, value, allowed] of bad) {
      const { status, body } = await submit(key, [image, audio, [name, value]]);
      assert.equal(status, 400, `${name} ${value}`);
      assert.equal(body.code, 'invalid_option');
      assert.equal(body.field, name);
      assert.match(body.error ?? '', allowed);
    }
    assert.deepEqual(
      new Set(bad.map(([name]) => name)),
      new Set([...optionNames, 'metadata']),
      'each option is tried',
    );
    const left = await service.db.first(sql<{ jobs: number }>`
      select count(*)::int as jobs from vidgen.job where api_key_id = ${key.id}`);
    assert.equal(left?.jobs, 0);
    const most = [
      ['title', '😀'.repeat(200)] as [string, string],
      ['description', 'é'.repeat(2_000)] as [string, string],
    ];
    assert.equal((await submit(key, [image, audio, ...most])).status, 201);
  });

  test('3.2 a name that is nearly an option’s is a 400; twice, a file in its place, and text for a file too', async () => {
    const key = await service.createKey();
    const near = {
      aspectratio: 'aspectRatio',
      aspect_ratio: 'aspectRatio',
      'caption-style': 'captionStyle',
      backgruond: 'background',
      ackground: 'background',
      abckground: 'background',
      vackground: 'background',
      ubackground: 'background',
      titel: 'title',
      fits: 'fit',
      webhook_url: 'webhookUrl',
      meta_data: 'metadata',
      caption: 'captions',
    };
    for (const [name, meant] of Object.entries(near)) {
      const { status, body } = await submit(key, [image, audio, [name, 'x']]);
      assert.equal(status, 400, name);
      assert.equal(body.code, 'unknown_field');
      assert.match(body.error ?? '', new RegExp(`Did you mean ${meant}`));
    }
    const twice = await submit(key, [['fit', 'cover'], ['fit', 'cover'], image, audio]);
    assert.deepEqual(
      [twice.status, twice.body.code, twice.body.field],
      [400, 'repeated_field', 'fit'],
    );
    const file = await submit(key, [
      ['fit', { name: 'fit.txt', bytes: Buffer.from('cover') }],
      image,
      audio,
    ]);
    assert.deepEqual([file.status, file.body.code, file.body.field], [400, 'not_text', 'fit']);
    const unknown = ['time', 'action', 'option', 'name', 'source', 'submit', 'csrf_token'];
    const fields = unknown.map((name): [string, string] => [name, 'x']);
    assert.equal((await submit(key, [image, audio, ...fields])).status, 201);
  });

  test('a broken cue is a 400 that names its line', async () => {
    const bytes = Buffer.from('WEBVTT\n\n00:02.000 --> 00:01.000\nBackwards\n');
    const captions: [string, FormFile] = ['captions', { name: 'a.vtt', bytes }];
    const { status, body } = await submit(await service.createKey(), [captions, image, audio]);
    assert.deepEqual([status, body.code, body.field], [400, 'invalid_captions', 'captions']);
    assert.match(body.error ?? '', /Line 3 /);
  });

  test('captions of more than 1 MB are a 413, an empty file is a 400, and none chosen is none', async () => {
    const key = await service.createKey();
    const captions = (size: number, name = 'a.vtt'): [string, FormFile] => [
      'captions',
      { name, bytes: Buffer.from('WEBVTT\n'.padEnd(size, '\n').slice(0, size)) },
    ];
    const large = await submit(key, [image, audio, captions(1024 * 1024 + 1)]);
    assert.deepEqual([large.status, large.body.field], [413, 'captions']);
    const empty = await submit(key, [image, captions(0), audio]);
    assert.deepEqual([empty.status, empty.body.field], [400, 'captions']);
    const none = await submit(key, [image, captions(0, ''), audio]);
    assert.deepEqual((await stored(none.body.jobId))?.files, ['audio', 'image']);
  });

  test('a replay of an Idempotency-Key with other fields or files is a 409', async () => {
    const key = await service.createKey();
    const headers = { 'Idempotency-Key': 'order-18' };
    const fields: Fields = [image, audio, ['title', 'One'], ['note', 'ignored']];
    const first = await submit(key, fields, headers);
    assert.equal(first.status, 201, first.body.error);
    const same = await submit(key, [['title', ' One '], audio, image], headers);
    assert.deepEqual([same.status, same.body.jobId], [201, first.body.jobId]);
    assert.equal(same.headers.get('Location'), `/api/jobs/${first.body.jobId}`);
    const others: Fields[] = [
      [image, audio, ['title', 'Two']],
      [image, audio],
      [image, audio, ['title', 'One'], ['webhookUrl', 'https://example.com/']],
      [['image', pngOf(2_001)], audio, ['title', 'One']],
    ];
    for (const other of others) {
      const { status, body } = await submit(key, other, headers);
      assert.deepEqual([status, body.code], [409, 'idempotency_key_reused'], body.error);
    }
    const left = await service.db.first(sql<{ files: number }>`
      select count(*)::int as files from vidgen.blob where api_key_id = ${key.id}`);
    assert.equal(left?.files, 2, 'a replay stores nothing');
  });

  test('raced: of two other submissions with one Idempotency-Key one is a job, one a 409', async () => {
    const key = await service.createKey();
    const headers = { 'Idempotency-Key': 'raced' };
    const both = await Promise.all(
      ['One', 'Two'].map((title) => submit(key, [image, audio, ['title', title]], headers)),
    );
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 409]);
    assert.equal(both.find(({ status }) => status === 409)?.body.code, 'idempotency_key_reused');
  });

  test('3.7 a replay that sends nothing is answered all the same', async () => {
    const key = await service.createKey();
    const headers = { 'Idempotency-Key': 'order-19' };
    const first = await submit(key, [image, audio], headers);
    const empty = await call('/api/jobs', key, { method: 'POST', headers });
    assert.equal(empty.body.jobId, first.body.jobId);
  });
});
