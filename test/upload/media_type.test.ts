import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { audioTypeOf, headBytes, imageTypeOf } from '../../src/media_type.ts';

const run = promisify(execFile);
const typesOf = async (bytes: Buffer) => {
  const head = bytes.subarray(0, headBytes);
  return [await imageTypeOf(head), await audioTypeOf(head)];
};

describe('3.2 the bytes decide the type', () => {
  test('pictures', async () => {
    const picture = sharp({
      create: { width: 40, height: 30, channels: 4, background: '#4a90d9' },
    });
    const frames = sharp({
      create: { width: 8, height: 8, channels: 3, background: 'red', pageHeight: 4 },
    });
    const text = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>';
    for (const [bytes, type] of [
      [await picture.clone().jpeg().toBuffer(), 'image/jpeg'],
      [await picture.clone().jpeg({ progressive: true }).withMetadata().toBuffer(), 'image/jpeg'],
      [await picture.clone().toColourspace('cmyk').jpeg().toBuffer(), 'image/jpeg'],
      [await picture.clone().png().toBuffer(), 'image/png'],
      [await picture.clone().png({ palette: true }).toBuffer(), 'image/png'],
      [await picture.clone().webp().toBuffer(), 'image/webp'],
      [await picture.clone().webp({ lossless: true }).toBuffer(), 'image/webp'],
      [await frames.clone().webp().toBuffer(), 'image/webp'],
      [await picture.clone().gif().toBuffer(), null],
      [await picture.clone().tiff().toBuffer(), null],
      [await picture.clone().avif().toBuffer(), null],
      [Buffer.from(text), null],
    ] as const) {
      assert.deepEqual(await typesOf(bytes), [type, null]);
    }
  });

  test('audio', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'vidgen-types-'));
    t.after(() => rm(folder, { recursive: true }));
    const files: [string, string[], string | null][] = [
      ['a.mp3', ['-c:a', 'libmp3lame'], 'audio/mpeg'],
      ['mono8k.mp3', ['-c:a', 'libmp3lame', '-ar', '8000', '-ac', '1'], 'audio/mpeg'],
      [
        'untagged.mp3',
        ['-c:a', 'libmp3lame', '-id3v2_version', '0', '-write_xing', '0'],
        'audio/mpeg',
      ],
      ['a.wav', [], 'audio/wav'],
      ['24bit.wav', ['-c:a', 'pcm_s24le', '-ar', '96000'], 'audio/wav'],
      ['gsm.wav', ['-c:a', 'gsm_ms', '-ar', '8000'], 'audio/wav'],
      ['wma.wav', ['-c:a', 'wmav2'], null],
      ['rf64.wav', ['-rf64', 'always'], 'audio/wav'],
      ['a.m4a', ['-c:a', 'aac'], 'audio/mp4'],
      ['isom.mp4', ['-c:a', 'aac', '-f', 'mp4'], 'audio/mp4'],
      [
        'dash.m4a',
        ['-c:a', 'aac', '-f', 'mp4', '-movflags', '+dash+frag_keyframe+empty_moov'],
        'audio/mp4',
      ],
      ['qt.mov', ['-c:a', 'aac', '-f', 'mov'], 'audio/mp4'],
      ['phone.3gp', ['-c:a', 'aac', '-f', '3gp'], 'audio/mp4'],
      ['vorbis.ogg', ['-c:a', 'libvorbis'], 'audio/ogg'],
      ['opus.ogg', ['-c:a', 'libopus'], 'audio/ogg'],
      ['flac.ogg', ['-c:a', 'flac'], null],
      ['a.flac', [], null],
      ['adts.aac', ['-c:a', 'aac'], null],
      ['a.aiff', [], null],
      ['opus.webm', ['-c:a', 'libopus'], null],
      ['a.wma', ['-c:a', 'wmav2'], null],
      ['a.ac3', [], null],
    ];
    const outputs = files.flatMap(([name, options]) => [...options, join(folder, name)]);
    await run('ffmpeg', [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'sine=duration=0.5:sample_rate=48000',
      ...outputs,
    ]);
    for (const [name, , type] of files) {
      assert.deepEqual(await typesOf(await readFile(join(folder, name))), [null, type], name);
    }

    const mp3 = await readFile(join(folder, 'untagged.mp3'));
    const id3 = (tagBytes: number) =>
      Buffer.from([
        0x49,
        0x44,
        0x33,
        3,
        0,
        0,
        0,
        (tagBytes >> 14) & 127,
        (tagBytes >> 7) & 127,
        tagBytes & 127,
      ]);
    const cover = Buffer.concat([id3(600_000), Buffer.alloc(600_000, 'cover'), mp3]);
    assert.deepEqual(await typesOf(cover), [null, 'audio/mpeg'], 'behind a large cover');
    assert.deepEqual(
      await typesOf(Buffer.concat([id3(100), Buffer.alloc(9000), mp3])),
      [null, 'audio/mpeg'],
      'behind padding',
    );
    for (const name of ['a.flac', 'adts.aac']) {
      const other = Buffer.concat([
        id3(100),
        Buffer.alloc(100),
        await readFile(join(folder, name)),
      ]);
      assert.deepEqual(await typesOf(other), [null, null], `${name} behind an ID3 tag`);
    }
    assert.deepEqual(
      await typesOf(Buffer.concat([Buffer.alloc(1000, 'x'), mp3])),
      [null, 'audio/mpeg'],
      'behind junk',
    );
    assert.deepEqual(
      await typesOf(mp3.subarray(100)),
      [null, 'audio/mpeg'],
      'cut in the middle of a frame',
    );
  });

  test('whatever else bears their names', async () => {
    const others: [string, Buffer][] = [
      ['nothing', Buffer.alloc(0)],
      ['one byte', Buffer.from([0xff])],
      ['zeros', Buffer.alloc(9000)],
      ['ones', Buffer.alloc(9000, 0xff)],
      [
        'text',
        Buffer.from('ID3 is a tag, OggS a page, RIFF a box, and this is a text. '.repeat(100)),
      ],
      ['UTF-16 text', Buffer.from('\ufeffThis is a text.'.repeat(100), 'utf16le')],
      ['HTML', Buffer.from('<!doctype html><script>alert(1)</script>')],
      ['a shell script', Buffer.from('#!/bin/sh\nrm -rf /\n')],
      ['JSON', Buffer.from('{"image":"portrait.jpg"}')],
      ['a playlist', Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n')],
      ['a concat script', Buffer.from("ffconcat version 1.0\nfile '/etc/passwd'\n")],
      ['PDF', Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n', 'latin1')],
      [
        'ZIP',
        Buffer.concat([
          Buffer.from('PK\x03\x04\x14\x00\x00\x00\x08\x00', 'latin1'),
          Buffer.alloc(100),
        ]),
      ],
      ['gzip', gzipSync(Buffer.alloc(10_000, 'x'))],
      ['ELF', await readFile(process.execPath).then((bytes) => bytes.subarray(0, headBytes))],
      ['RIFF of something else', Buffer.from('RIFF\x00\x10\x00\x00AVI LIST', 'latin1')],
      ['big-endian WAV', Buffer.from('RIFX\0\x10\0\0WAVEfmt \0\0\0\x10\0\x01', 'latin1')],
      ['Ogg without a codec', Buffer.concat([Buffer.from('OggS'), Buffer.alloc(200)])],
      ['MP4 without a brand', Buffer.from('\0\0\0\x18ftyp\0\0\0\0', 'latin1')],
      ['half a PNG signature', Buffer.from('89504e47', 'hex')],
    ];
    for (const [what, bytes] of others) assert.deepEqual(await typesOf(bytes), [null, null], what);
  });
});
