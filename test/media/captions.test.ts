import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import sharp from 'sharp';
import { type Cue, plainText } from '../../src/captions/cue.ts';
import { parseCaptions } from '../../src/captions/parse.ts';
import { videoOptions } from '../../src/video_options.ts';
import { MediaError } from '../../worker/media/errors.ts';
import { drawCaptions } from '../../worker/media/picture/captions/draw_captions.ts';
import { drawLine } from '../../worker/media/picture/captions/draw_line.ts';
import { FontCoverage } from '../../worker/media/picture/captions/font_coverage.ts';
import { writeFonts } from '../../worker/media/picture/captions/fonts.ts';
import { inParts } from '../../worker/media/picture/captions/in_parts.ts';
import { planSlides } from '../../worker/media/picture/captions/plan_slides.ts';
import { drawableScripts, requireFonts } from '../../worker/media/picture/captions/scripts.ts';
import { typeset } from '../../worker/media/picture/captions/typeset.ts';
import type { Cleanup } from '../support/database.ts';
import { decode, type Wanted } from '../support/decode.ts';
import { file, folder, probe, render } from '../support/media.ts';
import { toneWav } from '../support/wav.ts';

// Before this process draws its first text. Jobs draw theirs in a box.
Object.assign(process.env, (await writeFonts()).env);

const cueOf = (text: string) => parseCaptions(`0:01 --> 0:02\n${text}`)[0] as Cue;
const [width, height] = [320, 180];

/** A video of 10 seconds with these captions: its key frames are 4 seconds apart. */
async function captioned(t: Cleanup, captions: string, captionStyle: string) {
  const dir = await folder(t);
  const imagePath = join(dir, 'picture.png');
  await sharp({ create: { width, height, channels: 3, background: '#8fa3c8' } }).toFile(imagePath);
  return render(t, {
    imagePath,
    audioPath: await file(dir, 'a.wav', toneWav(10)),
    audioType: 'audio/wav',
    captionsPath: await file(dir, 'captions', captions),
    options: videoOptions.parse({ captionStyle, captionLanguage: 'de' }),
  });
}

/** The luma of all frames from there on. */
const lumasOf = (path: string, fromSeconds = 0): Wanted<Buffer[]> => ({
  input: ['-err_detect', 'explode', '-ss', `${fromSeconds}`, '-i', path],
  output: ['v', '-f', 'rawvideo', '-pix_fmt', 'gray'],
  read: (bytes) =>
    Array.from({ length: bytes.length / (width * height) }, (_, i) =>
      bytes.subarray(i * width * height, (i + 1) * width * height),
    ),
});

/** Whether white letters are in the upper or the lower half. */
function lettersIn(frame: Buffer): string {
  const half = frame.length / 2;
  const has = (part: Buffer) => part.some((luma) => luma > 220);
  return [has(frame.subarray(0, half)) && 'top', has(frame.subarray(half)) && 'bottom']
    .filter(Boolean)
    .join(' and ');
}

describe('7.7 burned captions', () => {
  const captions = `1
00:00:00,401 --> 00:00:00,640
first

2
00:00:00,640 --> 00:00:01,000
{\\an8}second

3
00:00:03,000 --> 00:00:09,960
over two key frames

4
00:00:05,000 --> 00:00:05,500
{\\an8}both

5
00:00:30,000 --> 00:00:31,000
past the end`;
  /** The visible text by the frame at which it begins. */
  const seen = [
    [0, ''],
    [11, 'bottom'],
    [16, 'top'],
    [25, ''],
    [75, 'bottom'],
    [125, 'top and bottom'],
    [138, 'bottom'],
    [249, ''],
  ] as const;

  test('are exact to the frame, from every key frame on, and nothing moves between them; both: beside a track', async (t) => {
    const { videoPath, captionsPath, warnings } = await captioned(t, captions, 'both');
    assert.equal(
      warnings.at(-1),
      '1 caption begins after the end of the audio, which is 10.0 seconds long.',
    );
    const keys = [100, 200];
    const [frames, ...fromKeys] = await decode(
      ...[0, ...keys].map((key) => lumasOf(videoPath, key / 25)),
    );
    assert.ok(frames);
    assert.equal(frames.length, 250);
    const changes = frames.flatMap((frame, i) => {
      const letters = lettersIn(frame);
      return i === 0 || letters !== lettersIn(frames[i - 1] as Buffer) ? [[i, letters]] : [];
    });
    assert.deepEqual(changes, seen);
    // Only changes and key frames, 100 frames apart, touch a picture.
    const touched = frames.flatMap((frame, i) =>
      i > 0 && !frame.equals(frames[i - 1] as Buffer) ? [i] : [],
    );
    const allowed = [...seen.map(([at]) => at), 100, 200];
    assert.deepEqual(
      touched.filter((at) => !allowed.includes(at as never)),
      [],
    );
    // Playback from a key frame shows the same.
    for (const [n, key] of keys.entries())
      assert.deepEqual(fromKeys[n], frames.slice(key), `from ${key}`);

    // Beside them there is a track that is off, in its language, and a file for browsers.
    const { probed, complaints } = await probe(videoPath, ['-count_frames']);
    assert.equal(complaints, '');
    const track = probed.streams[2];
    assert.deepEqual([track?.codec_name, track?.tags?.language], ['mov_text', 'deu']);
    const { disposition } = track as unknown as { disposition: { default: number } };
    assert.equal(disposition.default, 0);
    const written = await readFile(captionsPath as string, 'utf8');
    assert.deepEqual(parseCaptions(written), parseCaptions(captions));
  });

  test('letters without a font are refused in a sentence, and a broken file too', async (t) => {
    await assert.rejects(captioned(t, '0:01 --> 0:02\n\u{10fffd}', 'burned'), (error) => {
      assert.ok(error instanceof MediaError);
      assert.match(error.message, /no font for \u{10fffd} \(U\+10FFFD\).*apt-get install/u);
      return true;
    });
    await assert.rejects(captioned(t, '0:01 -> 0:02\nx', 'track'), /Line 1 of the captions/);
  });
});

test('the fonts of VidGen draw Latin, Greek and Cyrillic; what others draw is known', async () => {
  const none = new FontCoverage([]);
  const { drawable, missing } = await drawableScripts(none);
  for (const script of ['Latin', 'Greek', 'Cyrillic']) assert.ok(drawable.includes(script));
  for (const script of ['Chinese', 'Arabic', 'emoji']) assert.ok(missing.includes(script));
  await requireFonts([cueOf('Ünï, Ελλάδα, Україна – “quoted” … №')], none);
  await assert.rejects(
    requireFonts([cueOf('日本 и 😀')], none),
    /日 \(U\+65E5\), 本 .*\(Chinese, emoji\).*fonts-noto-cjk fonts-noto-color-emoji/,
  );
});

test('captions can be read on any picture: 4.5 : 1 and more', async () => {
  const size = { width: 640, height: 360 };
  const [overlay] = await drawCaptions([cueOf('Contrast')], size);
  assert.ok(overlay);
  for (const behind of [0, 128, 255]) {
    const seen = Array.from({ length: overlay.width * overlay.height }, (_, i) => {
      const alpha = (overlay.rgba[4 * i + 3] as number) / 255;
      return (overlay.rgba[4 * i] as number) * alpha + behind * (1 - alpha);
    });
    const row = Math.round(overlay.height / 2) * overlay.width;
    const box = seen[row + 6] as number;
    const letters = Math.max(...seen);
    const contrast = (luminance(letters) + 0.05) / (luminance(box) + 0.05);
    assert.ok(contrast >= 4.5, `${contrast} on ${behind}`);
  }
});

/** Relative luminance of a grey (WCAG 2). */
const luminance = (grey: number) => ((grey / 255 + 0.055) / 1.055) ** 2.4;

test('captions keep clear of the edges, and of the controls of apps over tall videos', async () => {
  const long = cueOf(`${'A rather long sentence '.repeat(8)}ends here.`);
  const words = { ...long, top: undefined };
  for (const [size, share] of [
    [
      { width: 1920, height: 1080 },
      { side: 0.05, bottom: 0.06, top: 0.06 },
    ],
    [
      { width: 1080, height: 1080 },
      { side: 0.05, bottom: 0.06, top: 0.06 },
    ],
    [
      { width: 1080, height: 1920 },
      { side: 0.1, bottom: 0.2, top: 0.1 },
    ],
    [
      { width: 64, height: 48 },
      { side: 0, bottom: 0, top: 0 },
    ],
    [
      { width: 2, height: 2 },
      { side: 0, bottom: 0, top: 0 },
    ],
  ] as const) {
    const overlays = await drawCaptions([words, { ...long, top: true }], size);
    assert.equal(overlays.length, 2);
    for (const box of overlays) {
      const free = [box.left, size.width - box.left - box.width];
      const name = `${size.width} × ${size.height}: ${JSON.stringify({ ...box, rgba: 0 })}`;
      assert.ok(Math.min(...free) >= share.side * size.width, name);
      assert.ok(box.top >= share.top * size.height * (box === overlays[0] ? 1 : 0), name);
      const below = size.height - box.top - box.height;
      assert.ok(below >= share.bottom * size.height * (box === overlays[1] ? 1 : 0), name);
      assert.equal(box.rgba.length, box.width * box.height * 4);
      assert.ok(
        [box.left, box.top, box.width, box.height].every((n) => n % 2 === 0),
        name,
      );
    }
  }
});

test('small letters stand as evenly as large ones', async () => {
  const [line = []] = cueOf('We are the music makers, and we are the dreamers of dreams').lines;
  for (const size of [8, 11]) {
    const { rgba, width, height } = await drawLine(line, { size });
    const large = await drawLine(line, { size: 12 * size });
    const raw = { width: large.width, height: large.height, channels: 4 as const };
    const reduced = sharp(large.rgba, { raw }).resize({ width, height, fit: 'fill' }).raw();
    const meant = await reduced.toBuffer();
    let off = 0;
    for (let i = 3; i < rgba.length; i += 4) off += Math.abs((rgba[i] ?? 0) - (meant[i] ?? 0));
    const mean = off / (width * height);
    assert.ok(mean < 11, `${size} pixels: ${mean} levels off`);
  }
});

test('lines stay as their author broke them, else they are broken evenly', async () => {
  const area = { size: 50, width: 800, height: 900, top: 0, bottom: 0 };
  const linesOf = async (text: string) => {
    const { lines, size } = await typeset(cueOf(text).lines, area);
    return [size, ...lines.map((line) => line.map((run) => run.text).join(''))];
  };
  assert.deepEqual(await linesOf('by\nhand, it fits'), [50, 'by', 'hand, it fits']);
  assert.deepEqual(await linesOf('We are the music makers, and the dreamers of dreams'), [
    ...[50, 'We are the music makers,', 'and the dreamers of dreams'],
  ]);
  assert.deepEqual(await linesOf('one\ntwo\nthree'), [50, 'one two three']);
  const [size, ...lines] = await linesOf('a-very-long-word'.repeat(12));
  assert.ok(Number(size) < 50 && lines.length > 2);
  assert.equal(lines.join(''), 'a-very-long-word'.repeat(12));
});

test('text too long for two lines is shown in parts, each for its share of the time', () => {
  const tall = { width: 1080, height: 1920 };
  const text =
    'We are the music makers, and we are the dreamers of dreams, wandering by lone sea-breakers, and sitting by desolate streams.';
  const cue: Cue = { fromMs: 1000, toMs: 9000, lines: cueOf(text).lines, top: true };
  const parts = inParts([cue], tall);
  assert.deepEqual(
    parts.map(({ fromMs, toMs, lines }) => [fromMs, toMs, plainText(lines)]),
    [
      [1000, 4837, 'We are the music makers, and we are the dreamers of dreams,'],
      [4837, 9000, 'wandering by lone sea-breakers, and sitting by desolate streams.'],
    ],
  );
  assert.ok(parts.every(({ top }) => top));
  assert.deepEqual(inParts([cue], { width: 1920, height: 1080 }), [cue], 'where it has room');
  const brief = { ...cue, toMs: 2000 };
  assert.deepEqual(inParts([brief], tall), [brief], 'not for too short a time to read');
});

test('thousands of cues are planned as what changes in each group; what is alike is coded once', () => {
  const cue = (fromMs: number, toMs: number, text: string): Cue => ({
    ...{ fromMs, toMs },
    lines: [[{ text }]],
  });
  const plan = planSlides([cue(0, 40, 'a'), cue(40, 80, 'a'), cue(100, 8010, 'b')], 250, 100);
  assert.deepEqual(
    plan.pictures.map(([shown]) => shown?.lines[0]?.[0]?.text),
    [undefined, 'a', 'b'],
  );
  assert.deepEqual(plan.groups, [
    [
      { at: 0, picture: 1 },
      { at: 2, picture: 0 },
      { at: 3, picture: 2 },
    ],
    [{ at: 0, picture: 2 }],
    [
      { at: 0, picture: 2 },
      { at: 1, picture: 0 },
    ],
  ]);
  const many = Array.from({ length: 5000 }, (_, i) => cue(i * 2000, i * 2000 + 1000, `${i % 3}`));
  const { pictures, groups, order } = planSlides(many, 250_000, 100);
  assert.deepEqual([pictures.length, groups.length, order.length], [4, 3, 2500]);
});
