import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { AudioType } from '../../src/media_type.ts';
import { MediaError } from '../../worker/media/errors.ts';
import { box, boxAt, boxesIn, fullBox, u32 } from '../../worker/media/mp4/boxes.ts';
import { type Cleanup, suiteCleanup } from '../support/database.ts';
import { ffmpeg, file, folder, synthesizeAll } from '../support/media.ts';
import { encodeSound } from '../support/sound.ts';
import { silentWav } from '../support/wav.ts';

const metaHandler = fullBox(
  'hdlr',
  0,
  u32(0),
  Buffer.from('mdirappl'),
  u32(0, 0),
  Buffer.from([0]),
);

describe('files whose headers lie', { concurrency: 2 }, () => {
  const cleanup = suiteCleanup();
  let dir: string;
  const read = (name: string) => readFile(join(dir, name));
  const write = (name: string, ...parts: Buffer[]) => file(dir, name, Buffer.concat(parts));
  /** How long they are when they are decoded. */
  const decoded: Record<string, number> = {};

  before(async () => {
    dir = await folder(cleanup);
    const bare = ['-write_xing', '0', '-id3v2_version', '0'];
    await synthesizeAll(dir, {
      'mono.mp3': ['anullsrc=d=2', '-ar', '44100', '-ac', '1', ...bare],
      'stereo.mp3': ['anullsrc=d=2', '-ar', '48000', '-ac', '2', ...bare],
      'long.mp3': ['anullsrc=d=60', '-q:a', '9', '-ac', '1', '-ar', '22050'],
      'long.ogg': ['anullsrc=d=8', '-c:a', 'libopus'],
      'mono.ogg': ['anullsrc=d=2', '-c:a', 'libvorbis', '-ac', '1'],
      'stereo.ogg': ['anullsrc=d=3:r=48000', '-c:a', 'libvorbis'],
      'a.m4a': ['anullsrc=d=3'],
      'no-edits.m4a': ['anullsrc=d=3', '-use_editlist', '0'],
    });
    await write('both.mp3', await read('mono.mp3'), await read('stereo.mp3'));
    await write('both.ogg', await read('mono.ogg'), await read('stereo.ogg'));
    const long = await read('long.mp3');
    await write('cut.mp3', long.subarray(0, long.length / 10));
    const middle = ['-ss', '5', '-copyts', '-i', join(dir, 'long.ogg'), '-c', 'copy'];
    await ffmpeg(...middle, join(dir, 'middle.ogg'));
    const names = ['both.mp3', 'cut.mp3', 'middle.ogg', 'both.ogg'];
    const mono = ['-ac', '1', '-ar', '48000', '-f', 'f32le'];
    await ffmpeg(
      ...names.flatMap((name) => ['-i', join(dir, name)]),
      ...names.flatMap((name, i) => ['-map', `${i}`, ...mono, join(dir, `${name}.f32`)]),
    );
    for (const name of names) decoded[name] = (await read(`${name}.f32`)).length / 4 / 48_000;
  });

  /** Asserts that what is made is as long as the sound really is. */
  async function assertLength(t: Cleanup, path: string, type: AudioType, seconds: number) {
    const { audio } = await encodeSound(t, path, type, { mayCopy: true });
    const is = audio.samples / audio.sampleRate;
    assert.ok(Math.abs(is - seconds) < 0.04, `${is} s, not ${seconds}`);
    return audio;
  }

  for (const [name, share] of [
    ['streamed', Number.POSITIVE_INFINITY],
    ['unfinished', 0],
    ['doubled', 2],
    ['halved', 0.5],
  ] as const) {
    test(`a ${name} WAV`, async (t) => {
      const bytes = silentWav(3);
      assert.equal(bytes.toString('latin1', 36, 40), 'data');
      bytes.writeUInt32LE(Math.min(0xffff_ffff, bytes.readUInt32LE(40) * share), 40);
      const path = await write(`${name}.wav`, bytes);
      await assertLength(t, path, 'audio/wav', name === 'halved' ? 1.5 : 3);
    });
  }

  for (const [what, name, type] of [
    ['an MP3 that changes its sample rate and channels on the way', 'both.mp3', 'audio/mpeg'],
    ['an MP3 whose Xing header is another one’s', 'cut.mp3', 'audio/mpeg'],
    ['an Ogg stream taken up in the middle', 'middle.ogg', 'audio/ogg'],
    ['two Ogg streams in a row', 'both.ogg', 'audio/ogg'],
  ] as const)
    test(what, (t) =>
      assertLength(t, join(dir, name), type, decoded[name] ?? 0).then(() => undefined),
    );

  test('an M4A whose index promises ten times its length', async (t) => {
    const bytes = await read('a.m4a');
    for (const at of [
      boxAt(bytes, 'moov', 'mvhd')?.subarray(16),
      boxAt(bytes, 'moov', 'trak', 'mdia', 'mdhd')?.subarray(16),
      boxAt(bytes, 'moov', 'trak', 'edts', 'elst')?.subarray(8),
    ]) {
      at?.writeUInt32BE(10 * at.readUInt32BE());
    }
    await assertLength(t, await write('lie.m4a', bytes), 'audio/mp4', 3);
  });

  test('an M4A that iTunes made: its run-up is not heard', async (t) => {
    const bytes = await read('no-edits.m4a');
    const heard = 132_000;
    const note = ` 00000000 00000400 0000012C ${heard.toString(16).padStart(16, '0')}`;
    const data = box('data', u32(1, 0), Buffer.from(note.toUpperCase()));
    const name = (type: string, text: string) => fullBox(type, 0, Buffer.from(text));
    const item = box('----', name('mean', 'com.apple.iTunes'), name('name', 'iTunSMPB'), data);
    const meta = fullBox('meta', 0, metaHandler, box('ilst', item));
    const parts = boxesIn(boxAt(bytes, 'moov') ?? bytes).filter(({ type }) => type !== 'udta');
    const index = parts.map(({ type, body }) => box(type, body));
    const before = bytes.subarray(0, bytes.lastIndexOf('moov') - 4);
    const given = await write('noted.m4a', before, box('moov', ...index, box('udta', meta)));
    const { samples } = await assertLength(t, given, 'audio/mp4', heard / 44_100);
    assert.equal(samples, heard);
  });

  test('a single sample, and half a second', async (t) => {
    for (const samples of [1, 22_050]) {
      const path = await write(`${samples}.wav`, silentWav(samples / 44_100));
      await assertLength(t, path, 'audio/wav', samples / 44_100);
    }
  });

  test('sound that is not there is the caller’s fault, in words', async (t) => {
    const wav = silentWav(1);
    wav.writeUInt32LE(0, 40);
    for (const [name, type, content] of [
      ['empty.wav', 'audio/wav', wav.subarray(0, 44)],
      ['tags.mp3', 'audio/mpeg', (await read('long.mp3')).subarray(0, 60)],
      ['text.mp3', 'audio/mpeg', 'This is only text.'],
      ['noise.ogg', 'audio/ogg', Buffer.concat([Buffer.from('OggS'), Buffer.alloc(5000, 7)])],
      [
        'index-only.m4a',
        'audio/mp4',
        Buffer.from('00000018667479704d344120000000004d34412069736f6d', 'hex'),
      ],
    ] as const) {
      const path = await file(dir, name, content);
      await assert.rejects(encodeSound(t, path, type), (error) => {
        assert.ok(error instanceof MediaError, `${name}: ${error}`);
        assert.match(error.message, /audio.*\. (Upload|Export) /);
        assert.doesNotMatch(error.message, /\//);
        return true;
      });
    }
  });
});
