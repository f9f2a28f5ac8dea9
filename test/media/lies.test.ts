import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import type { AudioType } from '../../src/media_type.ts';
import { MediaError } from '../../worker/media/make_video.ts';
import { box, boxAt, boxesIn, fullBox, u32 } from '../../worker/media/mp4/boxes.ts';
import {
  assertVideo,
  decodeSound,
  ffmpeg,
  file,
  folder,
  plainPicture,
  render,
  synthesize,
} from '../support/media.ts';

/** Makes the video and asserts that it is as long as the sound really is. */
async function assertLength(
  t: Parameters<typeof render>[0],
  dir: string,
  audioPath: string,
  audioType: AudioType,
  seconds: number,
) {
  const imagePath = await plainPicture(dir);
  const made = await render(t, { imagePath, audioPath, audioType });
  const { format } = await assertVideo(made.videoPath);
  assert.ok(
    Math.abs(made.audioSeconds - seconds) < 0.04,
    `said ${made.audioSeconds}, is ${seconds}`,
  );
  assert.ok(Math.abs(Number(format.duration) - seconds) < 0.04, `lasts ${format.duration}`);
  return made;
}

const metaHandler = fullBox(
  'hdlr',
  0,
  u32(0),
  Buffer.from('mdirappl'),
  u32(0, 0),
  Buffer.from([0]),
);

describe('files whose headers lie', { concurrency: 2 }, () => {
  for (const [name, size] of [
    ['streamed', 0xffff_ffff],
    ['unfinished', 0],
    ['doubled', 2 * 264_600],
    ['halved', 132_300],
  ] as const) {
    test(`a ${name} WAV`, async (t) => {
      const dir = await folder(t);
      const path = await synthesize(dir, 'a.wav', 'sine=d=3', '-ac', '1', '-bitexact');
      const bytes = await readFile(path);
      assert.equal(bytes.toString('latin1', 36, 40), 'data');
      bytes.writeUInt32LE(size, 40);
      await assertLength(
        t,
        dir,
        await file(dir, 'lie.wav', bytes),
        'audio/wav',
        name === 'halved' ? 1.5 : 3,
      );
    });
  }

  test('an MP3 that changes its sample rate and channels on the way', async (t) => {
    const dir = await folder(t);
    const one = await synthesize(
      dir,
      'a.mp3',
      'sine=d=2',
      '-ar',
      '44100',
      '-ac',
      '1',
      '-write_xing',
      '0',
      '-id3v2_version',
      '0',
    );
    const two = await synthesize(
      dir,
      'b.mp3',
      'sine=d=2',
      '-ar',
      '48000',
      '-ac',
      '2',
      '-write_xing',
      '0',
      '-id3v2_version',
      '0',
    );
    const path = await file(
      dir,
      'both.mp3',
      Buffer.concat([await readFile(one), await readFile(two)]),
    );
    const decoded = await decodeSound(path, [], ['-ac', '2', '-ar', '48000']);
    await assertLength(t, dir, path, 'audio/mpeg', decoded.length / 2 / 48_000);
  });

  test('an MP3 whose Xing header is another one’s', async (t) => {
    const dir = await folder(t);
    const long = await readFile(await synthesize(dir, 'a.mp3', 'sine=d=60', '-q:a', '9'));
    const path = await file(dir, 'cut.mp3', long.subarray(0, long.length / 10));
    const decoded = await decodeSound(path, [], ['-ac', '2', '-ar', '44100']);
    await assertLength(t, dir, path, 'audio/mpeg', decoded.length / 2 / 44_100);
  });

  test('an Ogg stream taken up in the middle', async (t) => {
    const dir = await folder(t);
    const path = await synthesize(dir, 'a.ogg', 'sine=d=20', '-c:a', 'libopus');
    await ffmpeg('-ss', '14', '-copyts', '-i', path, '-c', 'copy', `${dir}/b.ogg`);
    const decoded = await decodeSound(`${dir}/b.ogg`, [], ['-ac', '2', '-ar', '48000']);
    await assertLength(t, dir, `${dir}/b.ogg`, 'audio/ogg', decoded.length / 2 / 48_000);
  });

  test('two Ogg streams in a row', async (t) => {
    const dir = await folder(t);
    const one = await readFile(await synthesize(dir, 'a.ogg', 'sine=d=2', '-c:a', 'libvorbis'));
    const two = await readFile(
      await synthesize(dir, 'b.ogg', 'sine=d=3:r=48000', '-c:a', 'libvorbis', '-ac', '2'),
    );
    const path = await file(dir, 'both.ogg', Buffer.concat([one, two]));
    const decoded = await decodeSound(path, [], ['-ac', '2', '-ar', '48000']);
    await assertLength(t, dir, path, 'audio/ogg', decoded.length / 2 / 48_000);
  });

  test('an M4A whose index promises ten times its length', async (t) => {
    const dir = await folder(t);
    const path = await synthesize(dir, 'a.m4a', 'sine=d=3', '-ac', '2');
    const bytes = await readFile(path);
    for (const at of [
      boxAt(bytes, 'moov', 'mvhd')?.subarray(16),
      boxAt(bytes, 'moov', 'trak', 'mdia', 'mdhd')?.subarray(16),
      boxAt(bytes, 'moov', 'trak', 'edts', 'elst')?.subarray(8),
    ]) {
      at?.writeUInt32BE(10 * at.readUInt32BE());
    }
    const lie = await file(dir, 'lie.m4a', bytes);
    await assertLength(t, dir, lie, 'audio/mp4', 3);
  });

  test('an M4A that iTunes made: its run-up is not heard', async (t) => {
    const dir = await folder(t);
    const path = await synthesize(dir, 'a.m4a', 'sine=d=3', '-ac', '2', '-use_editlist', '0');
    const bytes = await readFile(path);
    const heard = 132_000;
    const note = ` 00000000 00000400 0000012C ${heard.toString(16).padStart(16, '0')}`;
    const data = box('data', u32(1, 0), Buffer.from(note.toUpperCase()));
    const name = (type: string, text: string) => fullBox(type, 0, Buffer.from(text));
    const item = box('----', name('mean', 'com.apple.iTunes'), name('name', 'iTunSMPB'), data);
    const meta = fullBox('meta', 0, metaHandler, box('ilst', item));
    const parts = boxesIn(boxAt(bytes, 'moov') ?? bytes).filter(({ type }) => type !== 'udta');
    const index = parts.map(({ type, body }) => box(type, body));
    const before = bytes.subarray(0, bytes.lastIndexOf('moov') - 4);
    const noted = Buffer.concat([before, box('moov', ...index, box('udta', meta))]);
    const given = await file(dir, 'noted.m4a', noted);
    const made = await assertLength(t, dir, given, 'audio/mp4', heard / 44_100);
    assert.equal(Math.round(made.audioSeconds * 44_100), heard);
  });

  test('a single sample, and half a second', async (t) => {
    const dir = await folder(t);
    for (const samples of [1, 22_050]) {
      const path = await synthesize(dir, 'a.wav', `sine,atrim=end_sample=${samples}`);
      await assertLength(t, dir, path, 'audio/wav', samples / 44_100);
    }
  });
});

test('sound that is not there is the caller’s fault, in words', async (t) => {
  const dir = await folder(t);
  const imagePath = await plainPicture(dir);
  const wav = await readFile(await synthesize(dir, 'a.wav', 'sine=d=1', '-bitexact'));
  wav.writeUInt32LE(0, 40);
  const mp3 = await synthesize(dir, 'tags.mp3', 'sine=d=1', '-metadata', 'title=silence');
  const tags = (await readFile(mp3)).subarray(0, 60);
  for (const [name, type, content] of [
    ['empty.wav', 'audio/wav', wav.subarray(0, 44)],
    ['tags.mp3', 'audio/mpeg', tags],
    ['text.mp3', 'audio/mpeg', 'This is only text.'],
    ['noise.ogg', 'audio/ogg', Buffer.concat([Buffer.from('OggS'), Buffer.alloc(5000, 7)])],
    [
      'index-only.m4a',
      'audio/mp4',
      Buffer.from('00000018667479704d344120000000004d34412069736f6d', 'hex'),
    ],
  ] as const) {
    const audioPath = await file(dir, name, content);
    await assert.rejects(render(t, { imagePath, audioPath, audioType: type }), (error) => {
      assert.ok(error instanceof MediaError, `${name}: ${error}`);
      assert.match(error.message, /audio.*\. (Upload|Export) /);
      assert.doesNotMatch(error.message, /\//);
      return true;
    });
  }
});
