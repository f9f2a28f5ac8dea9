import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { type GivenOptions, videoOptions } from '../../src/video_options.ts';
import { decode, frameOf, framesOf } from '../support/decode.ts';
import { assertVideo, file, folder, render } from '../support/media.ts';
import { assertDecodersAgree } from '../support/openh264.ts';
import { similarity } from '../support/similarity.ts';
import { wav } from '../support/wav.ts';

// References drawn by golden/draw.py, which runs nothing of ours.
const golden = (name: string) => join(import.meta.dirname, 'golden', `${name}.png`);

const [fromMs, toMs] = [1_400, 2_520];
/** The frames on which the caption is: the first at or after its start, up to the last before its end. */
const shown = { from: 35, to: 63 };
const seconds = 2.6;

/** Silence for a second, then in every frame a sweep through all tones, so that bars stand still. */
const steady = wav({}, seconds * 44_100, (i) => {
  const [lowest, octaves, length] = [60, 7, 44_100 / 25];
  const turns =
    ((lowest / 25) * (2 ** ((octaves * (i % length)) / length) - 1)) / (octaves * Math.LN2);
  return i < 44_100 ? 0 : 0.8 * Math.sin(2 * Math.PI * turns);
});

type Look = {
  text: string;
  options: GivenOptions;
  /** The frames that are compared, and with what. */
  frames: [number: number, reference: string][];
};

const looks: Record<string, Look> = {
  'a caption over a picture on its own blur': {
    text: 'Blurred behind',
    options: { aspectRatio: '9:16', resolution: '720p', fit: 'blur' },
    frames: [
      [10, 'blur'],
      [50, 'blur-captions'],
    ],
  },
  'a caption and bars': {
    text: 'Above the bars',
    options: { waveform: 'bars', waveformColor: '#ffee00' },
    frames: [
      [10, 'bars'],
      [50, 'bars-captions'],
    ],
  },
  'a caption, bars and motion on a canvas of another ratio': {
    text: 'Over all of it',
    options: {
      ...({ aspectRatio: '1:1', resolution: '720p', fit: 'blur' } as const),
      motion: 'pan-left',
      waveform: 'bars',
      waveformColor: '#ffee00',
      waveformPosition: 'center',
    },
    frames: [
      [10, 'pan-bars'],
      [50, 'pan-bars-captions'],
    ],
  },
};

for (const [name, { text, options, frames }] of Object.entries(looks)) {
  test(`${name}: as drawn by others, and the caption exact to the frame`, async (t) => {
    const dir = await folder(t);
    const cues = `WEBVTT\n\n${clock(fromMs)} --> ${clock(toMs)}\n${text}\n`;
    const made = await render(t, {
      imagePath: golden('picture'),
      audioPath: await file(dir, 'a.wav', steady),
      audioType: 'audio/wav',
      captionsPath: await file(dir, 'captions', cues),
      options: videoOptions.parse({ ...options, captionStyle: 'burned' }),
    });
    assert.equal(made.captionsPath, undefined, 'they cannot be switched off');
    if (options.motion) await assertVideo(made.videoPath);
    const size = { width: made.width, height: made.height };
    const [video, ...seenFrames] = await decode(
      framesOf(made.videoPath),
      ...frames.map(([number]) => frameOf(made.videoPath, number)),
    );
    await assertDecodersAgree(made.videoPath, video);
    const letters = Array.from({ length: 65 }, (_, i) => whiteIn(video, i, size));
    const most = Math.max(...letters);
    const meant = letters.map((_, i) => i >= shown.from && i < shown.to);
    assert.deepEqual(
      letters.map((pixels) => pixels > Math.max(150, most / 2)),
      meant,
      `${letters}`,
    );
    for (const [i, [, reference]] of frames.entries()) {
      const raw = { ...size, channels: 3 as const };
      const seen = sharp(seenFrames[i], { raw });
      const drawn = await sharp(golden(reference)).raw().toBuffer({ resolveWithObject: true });
      const { width, height } = drawn.info;
      const reduced = await seen.resize({ width, height, fit: 'fill' }).png().toBuffer();
      const likeness = similarity(
        { data: drawn.data, width, height, channels: drawn.info.channels },
        { data: await sharp(reduced).raw().toBuffer(), width, height, channels: 3 },
      );
      await keep(`${reference}.png`, reduced);
      assert.ok(
        likeness.whole > 0.98 && likeness.worst > 0.65,
        `${reference}: ${JSON.stringify(likeness)}`,
      );
    }
  });
}

/** As WebVTT writes it. */
const clock = (ms: number) => `00:00:0${(ms / 1000).toFixed(3)}`;

/** Bright pixels, which only the letters of captions are. */
function whiteIn(
  video: Buffer,
  frame: number,
  { width, height }: { width: number; height: number },
) {
  const start = (frame * width * height * 3) / 2;
  let white = 0;
  for (let at = start; at < start + width * height; at++) if ((video[at] as number) > 215) white++;
  return white;
}

/** Keeps what was seen for people to look at; git does not. */
async function keep(name: string, png: Buffer) {
  const artifacts = join(import.meta.dirname, '..', 'artifacts');
  await mkdir(artifacts, { recursive: true });
  await writeFile(join(artifacts, `golden-${name}`), png);
}
