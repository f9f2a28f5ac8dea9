import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { type GivenOptions, videoOptions } from '../../src/video_options.ts';
import { withoutPriming } from '../../worker/media/mp4/priming.ts';
import { readAacAudio } from '../../worker/media/mp4/read.ts';
import { secondsBetweenKeys } from '../../worker/media/picture/still_track.ts';
import type { Cleanup } from '../support/database.ts';
import { decode, soundOf } from '../support/decode.ts';
import { boxesOf, demux } from '../support/demux.ts';
import { file, folder, plainPicture, probe, render, synthesize, system } from '../support/media.ts';
import { wav } from '../support/wav.ts';

const run = promisify(execFile);
const rate = 48_000;

/** A click in the middle of each second. */
const clicks = (seconds: number) =>
  wav({ rate, channels: 2 }, seconds * rate, (i) =>
    Math.abs((i % rate) - rate / 2) < 48 ? 0.8 : 0,
  );

async function make(t: Cleanup, seconds: number, given: GivenOptions = {}, imagePath?: string) {
  const dir = await folder(t);
  const audioPath = await file(dir, 'a.wav', clicks(seconds));
  const made = await render(t, {
    imagePath: imagePath ?? (await plainPicture(dir)),
    audioPath,
    audioType: 'audio/wav',
    options: videoOptions.parse(given),
  });
  return { ...made, audioPath };
}

/** The sequence parameters as ffmpeg's own reader of H.264 headers reports them. */
async function sequenceHeader(path: string, name: string): Promise<number> {
  const args = ['-i', path, '-map', '0:v', '-c', 'copy', '-frames:v', '1'];
  const headers = ['-bsf:v', 'trace_headers', '-f', 'null', '-'];
  const { stderr } = await run(system.ffmpegPath, ['-v', 'verbose', ...args, ...headers]);
  return Number(new RegExp(`${name} .* = (\\d+)`).exec(stderr)?.[1]);
}

describe('the file', { concurrency: 2 }, () => {
  test('of a plain job: no edit list but the sound’s, with its roll group; key frames every 4 s', async (t) => {
    const { videoPath } = await make(t, 9);
    const { kinds, picture, sound, tags } = await demux(videoPath);
    assert.deepEqual(kinds, ['video', 'audio']);
    assert.deepEqual(
      [picture.packets.length, picture.packets[0]?.at, picture.packets.at(-1)?.at],
      [225, 0, 8.96],
    );
    const keys = picture.packets.filter(({ isKey }) => isKey);
    assert.deepEqual(
      keys.map(({ at }) => at),
      [0, 4, 8],
    );
    const last = sound.packets.at(-1);
    assert.deepEqual(
      [sound.packets[0]?.at, (last?.at ?? 0) + (last?.seconds ?? 0)],
      [-1_024 / rate, 9],
    );
    assert.deepEqual(Object.keys(tags), []);

    const { moov, mdats } = await boxesOf(videoPath);
    assert.deepEqual(
      moov?.boxes?.map(({ type }) => type),
      ['mvhd', 'trak', 'trak'],
    );
    assert.equal(mdats.length, 1);
    const [pictureBox, soundBox] = moov?.traks ?? [];
    assert.equal(pictureBox?.edts, undefined);
    assert.deepEqual(
      soundBox?.edts?.elst?.entries.map((e) => [e.media_time, e.segment_duration]),
      [[1_024, 9 * rate]],
    );
    const { sgpds: [kind] = [], sbgps: [group] = [] } = soundBox?.mdia.minf.stbl ?? {};
    assert.deepEqual(
      [
        kind?.grouping_type,
        kind?.entries.map((entry) => 'roll_distance' in entry && entry.roll_distance),
        group?.entries,
      ],
      ['roll', [-1], [{ sample_count: sound.packets.length, group_description_index: 1 }]],
    );
    assert.equal(await sequenceHeader(videoPath, 'fixed_frame_rate_flag'), 1);
  });

  test('for a place that misreads edit lists: none, and the sound begins with the picture', async (t) => {
    const tags = { title: 'Tïtle 題', artist: 'An artist', description: 'Two\nlines' };
    const { videoPath, audioPath } = await make(t, 3.01, { target: 'youtube', ...tags });
    const { moov } = await boxesOf(videoPath);
    assert.deepEqual(
      moov?.traks.map((track) => [track.edts, track.mdia.minf.stbl.sgpds?.length ?? 0]),
      [
        [undefined, 0],
        [undefined, 0],
      ],
    );
    const { sound, picture, tags: seen } = await demux(videoPath);
    const end = (packets: typeof sound.packets) =>
      packets.reduce((sum, { seconds }) => sum + seconds, 0);
    assert.equal(sound.packets[0]?.at, 0);
    assert.ok(Math.abs(end(sound.packets) - end(picture.packets)) < 0.021, 'half a frame');
    const [made, given] = await decode(soundOf(videoPath), soundOf(audioPath));
    assert.equal(clickAt(made), clickAt(given));

    const { title, artist, description } = seen;
    assert.deepEqual({ title, artist, description }, tags);
    const { format } = (await probe(videoPath)).probed;
    for (const [name, value] of Object.entries(tags)) assert.equal(format.tags?.[name], value);
  });

  test('for such a place is encoded anew where packets of 44.1 kHz could be copied; else whole packets of run-up go', async (t) => {
    const dir = await folder(t);
    const audioPath = await synthesize(dir, 'a.m4a', 'anoisesrc=d=1:r=44100', '-ac', '2');
    const imagePath = await plainPicture(dir);
    const options = videoOptions.parse({ target: 'youtube', aspectRatio: 'source' });
    const made = await render(t, { imagePath, audioPath, audioType: 'audio/mp4', options });
    const { sound, picture } = await demux(made.videoPath);
    assert.deepEqual([sound.packets[0]?.at, sound.packets[0]?.seconds], [0, 1_024 / rate]);
    assert.equal(picture.packets.length, 25);

    const audio = await readAacAudio(audioPath);
    assert.ok(audio);
    const dropped = (priming: number) => {
      const left = withoutPriming({ ...audio, priming });
      return left && [audio.sizes.length - left.sizes.length, left.samples - audio.samples];
    };
    assert.deepEqual(dropped(0), [0, 0]);
    assert.deepEqual(dropped(1_024), [1, 0]);
    assert.deepEqual(dropped(2_112), [2, 64]);
    assert.deepEqual(dropped(2_000), [2, -48]);
    assert.equal(dropped(1_500), undefined, 'not late either');
  });

  test('of less than a packet of sound has one frame and one packet', async (t) => {
    const { videoPath } = await make(t, 0.01, { target: 'youtube' });
    const { sound, picture } = await demux(videoPath);
    assert.deepEqual([picture.packets.length, sound.packets.length], [1, 1]);
    const { moov } = await boxesOf(videoPath);
    assert.deepEqual(moov?.traks[1]?.mdia.minf.stbl.stts.sample_counts, [1]);
  });

  test('for LinkedIn is filled up to 75 KB', async (t) => {
    const { videoPath, bytes } = await make(t, 0.5, { target: 'linkedin' });
    assert.equal((await readFile(videoPath)).length, bytes);
    assert.equal(bytes, 76_800);
    const { picture } = await demux(videoPath);
    assert.equal(picture.packets.length, 13);
  });

  test('of noise names the level that allows it, and is coarser where none does', async (t) => {
    const dir = await folder(t);
    const side = 240;
    const noise = { type: 'gaussian', mean: 128, sigma: 80 } as const;
    const create = { width: side, height: side, channels: 3, background: '#888', noise } as const;
    await sharp({ create }).toFile(`${dir}/noise.png`);
    const { videoPath } = await make(t, 0.5, {}, `${dir}/noise.png`);
    const { picture } = await demux(videoPath);
    const most = ((side / 16) ** 2 * 384) / 2;
    const key = picture.packets[0]?.bytes ?? 0;
    assert.ok(key > most / 2 && key <= most, `${key} bytes, ${most} allowed`);
    const level = await sequenceHeader(videoPath, 'level_idc');
    assert.equal(picture.codec, `avc1.6400${level.toString(16).padStart(2, '0')}`);
  });
});

/** The first sample that belongs to a click. */
function clickAt(stereo: Float32Array): number {
  return stereo.findIndex((sample, i) => i % 2 === 0 && sample > 0.4) / 2;
}

test('key frames take at most 40 kB a second, and lie 4 to 16 s apart', () => {
  const between = (bytes: number) => secondsBetweenKeys(bytes, { least: 4, most: 16 });
  assert.deepEqual([2_000, 160_000, 160_001, 220_000, 5_000_000].map(between), [4, 4, 5, 6, 16]);
});
