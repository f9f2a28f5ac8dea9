import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, test } from 'node:test';
import type { Cue } from '../../src/captions/cue.ts';
import type { CaptionTrack } from '../../worker/media/mp4/movie.ts';
import { framesFor } from '../../worker/media/mp4/plan.ts';
import { readAacAudio } from '../../worker/media/mp4/read.ts';
import { writeMp4 } from '../../worker/media/mp4/write.ts';
import { encodeStill, stillTrack } from '../../worker/media/picture/still_track.ts';
import { promisedBy } from '../../worker/media/proof/promised.ts';
import { proveVideo } from '../../worker/media/proof/prove_video.ts';
import { suiteCleanup } from '../support/database.ts';
import { boxesOf } from '../support/demux.ts';
import {
  box,
  ffmpeg,
  ffmpegPath,
  ffprobePath,
  folder,
  probe,
  synthesize,
} from '../support/media.ts';

const cue = (fromMs: number, toMs: number, ...lines: string[]): Cue => ({
  fromMs,
  toMs,
  lines: lines.map((text) => [{ text }]),
});

const cues: Cue[] = [
  { fromMs: 500, toMs: 1_500, lines: [[{ text: 'Grüße, ' }, { text: '世界 😀', italic: true }]] },
  cue(2_000, 3_010, 'first', 'second'),
  cue(2_500, 3_500, 'below'),
  cue(4_960, 9_000, 'to the end'),
  cue(6_000, 7_000, 'never'),
];

describe('a captions track', { concurrency: 1 }, () => {
  const cleanup = suiteCleanup();
  let write: (captions: CaptionTrack) => Promise<string>;

  before(async () => {
    const dir = await folder(cleanup);
    const signal = new AbortController().signal;
    const sound = await readAacAudio(await synthesize(dir, 'a.m4a', 'sine=d=5', '-ac', '2'));
    assert.ok(sound);
    const machine = { dir, signal, box, ffmpegPath, ffprobePath, threads: 1, maxAudioSeconds: 60 };
    const frame = { rgb: Buffer.alloc(320 * 180 * 3, 90), width: 320, height: 180 };
    const still = await encodeStill(machine, frame);
    const picture = stillTrack(still, framesFor(sound), { least: 4, most: 16 });
    write = async (captions) => {
      const path = `${dir}/${captions.cues.length}.mp4`;
      const movie = { picture, sound, captions };
      await writeMp4(path, movie, signal, () => {});
      await proveVideo(machine, path, promisedBy(movie));
      return path;
    };
  });

  test('gives the same cues to ffmpeg, in their language, switched on', async () => {
    const path = await write({ cues: cues, language: 'pt-BR' });
    const { probed } = await probe(path);
    const { codec_name, tags, disposition } = probed.streams[2] as Record<string, unknown> & {
      disposition?: { default: number };
    };
    assert.deepEqual([codec_name, (tags as { language: string }).language], ['mov_text', 'por']);
    assert.equal(disposition?.default, 1);
    await ffmpeg('-i', path, '-map', '0:s', `${path}.srt`);
    const shown = (await readFile(`${path}.srt`, 'utf8')).replace(
      /\r|<\/?font[^>]*>|\{\\an2\}/g,
      '',
    );
    assert.equal(
      shown,
      `1
00:00:00,500 --> 00:00:01,500
Grüße, <i>世界 😀</i>

2
00:00:02,000 --> 00:00:02,500
first
second

3
00:00:02,500 --> 00:00:03,010
first
second
below

4
00:00:03,010 --> 00:00:03,500
below

5
00:00:04,960 --> 00:00:05,000
to the end

`,
    );
  });

  test('is timed text without a gap, second by second among the others', async () => {
    const file = await boxesOf(await write({ cues: cues, language: 'zh-Hant' }));
    const track = file.getInfo().subtitleTracks[0];
    assert.deepEqual([track?.codec, track?.timescale], ['tx3g', 1_000]);
    const inside = file.getTrackById(track?.id ?? 0);
    assert.deepEqual(
      [inside?.mdia.mdhd.languageString, inside?.mdia.elng?.extended_language],
      ['zho', 'zh-Hant\0'],
    );
    const groups = file.moov?.traks.map(({ tkhd }) => tkhd.alternate_group);
    assert.equal(new Set(groups).size, new Set([groups?.[0], groups?.[2]]).size);
    const samples = file.getTrackSamplesInfo(track?.id ?? 0);
    assert.deepEqual(
      samples.map(({ dts, duration, size }) => [dts, duration, size > 2]),
      [
        [0, 500, false],
        [500, 1_000, true],
        [1_500, 500, false],
        [2_000, 500, true],
        [2_500, 510, true],
        [3_010, 490, true],
        [3_500, 1_460, false],
        [4_960, 40, true],
      ],
    );
    // Each sample lies between the sound of the second before and the picture of its own second.
    const offsets = samples.map(({ offset }) => offset);
    const pictures = file.getTrackSamplesInfo(1);
    for (const [i, { dts }] of samples.entries()) {
      const frame = pictures[Math.floor(dts / 1_000) * 25];
      assert.ok((offsets[i] ?? 0) < (frame?.offset ?? 0), `sample ${i}`);
      assert.ok((offsets[i] ?? 0) > (pictures[Math.floor(dts / 1_000) * 25 - 1]?.offset ?? 0));
    }
  });

  test('is left out where no cue begins before the end', async () => {
    const path = await write({ cues: [cue(5_000, 6_000, 'late')] });
    assert.equal((await boxesOf(path)).moov?.traks.length, 2);
  });

  test('of a hundred thousand cues at once is written all the same', async () => {
    const cues = Array.from({ length: 100_000 }, (_, i) =>
      cue(Math.floor(i / 20), 5_000, `cue ${i}`),
    );
    const file = await boxesOf(await write({ cues }));
    assert.equal(file.getTrackSamplesInfo(3).length, 5_000);
  });
});
