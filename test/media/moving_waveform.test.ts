import assert from 'node:assert/strict';
import { chmod, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import sharp from 'sharp';
import { videoOptions } from '../../src/video_options.ts';
import { noBox } from '../../worker/media/box/limits.ts';
import { levelFor } from '../../worker/media/codec/level.ts';
import { type Place, placeOf } from '../../worker/media/picture/waveform_layout.ts';
import { decode, frameOf, framesOf } from '../support/decode.ts';
import { assertVideo, ffmpegPath, file, folder, probe, render } from '../support/media.ts';
import { assertDecodersAgree } from '../support/openh264.ts';
import { pngOf } from '../support/png.ts';
import { seeded } from '../support/random.ts';
import { sample } from '../support/service.ts';
import { noiseWav, wav } from '../support/wav.ts';

const [width, height] = [640, 360];
/** Rows that the waveform may touch with the slices in which it lies, and one more above and below. */
const slice = 48;
/** A second of silence, then a melody. */
const melody = (chunks?: Buffer) =>
  wav({ chunks }, 3 * 44_100, (i) => {
    const t = i / 44_100;
    const hertz = 220 + 110 * Math.floor((3 * t) % 5);
    return t < 1 ? 0 : 0.4 * Math.sin(2 * Math.PI * hertz * t) * Math.exp(-3 * (t % 0.5));
  });
const oddChunk = Buffer.from('LIST\x09\0\0\0INFOabcde', 'latin1');

/** The rows of a place in whole slices, with this many more above and below. */
function reach({ y, height: rows }: Place, margin: number): [from: number, to: number] {
  const end = slice * (Math.ceil((y + rows) / slice) + margin);
  return [
    slice * Math.max(0, Math.floor(y / slice) - margin),
    Math.min(16 * Math.ceil(height / 16), end),
  ];
}

/** An ffmpeg that also logs the frame types of the strip's encoder. */
async function telling(dir: string): Promise<{ path: string; told: string }> {
  const told = `${dir}/told.yuv`;
  const script = `#!/bin/bash
args=("$@")
if [[ "$*" == *alphamerge* ]]; then
  for i in "\${!args[@]}"; do
    if [ "\${args[$i]}" = -x264-params ]; then args[$((i + 1))]+=":dump-yuv=${told}"; fi
  done
fi
exec ${ffmpegPath} "\${args[@]}"
`;
  const path = await file(dir, 'telling', script);
  await chmod(path, 0o755);
  return { path, told };
}

/** The luma between these rows in both videos. */
function rowsOf(frames: Buffer, frame: number, height: number, from: number, to: number): Buffer {
  const start = frame * ((width * height * 3) / 2);
  return frames.subarray(start + from * width, start + to * width);
}

// Of this photograph, the slice above the line is refined by the second frame.
for (const [style, position, sound] of [
  ['bars', 'bottom', melody()],
  ['line', 'center', melody(oddChunk)],
  ['progress', 'top', melody()],
] as const) {
  const kind = sound.includes(oddChunk) ? `${style} of a WAV whose odd chunk is not padded` : style;
  test(`${kind}: only its strip changes, and every frame is what the encoder meant`, async (t) => {
    const dir = await folder(t);
    const { path, told } = await telling(dir);
    const imagePath = `${dir}/photo.png`;
    await sharp(sample('portrait.jpg')).resize(width, height).greyscale().toFile(imagePath);
    const audioPath = await file(dir, 'a.wav', sound);
    const options = videoOptions.parse({
      waveform: style,
      waveformPosition: position,
      waveformColor: '#ffee00',
    });
    const progress: number[] = [];
    const made = await render(t, {
      imagePath,
      audioPath,
      audioType: 'audio/wav',
      options,
      ffmpegPath: path,
      box: noBox,
      threads: 1,
      onProgress: (fraction) => progress.push(fraction),
    });
    if (style === 'bars') await assertVideo(made.videoPath);
    const late = style === 'progress' ? 72 : 30;
    const [shown, ...frames] = await decode(
      framesOf(made.videoPath),
      frameOf(made.videoPath, 12),
      frameOf(made.videoPath, late),
    );
    await assertDecodersAgree(made.videoPath, shown);
    const meant = await readFile(told);
    const place = placeOf({ style, position, color: '' }, width, height);
    const [from, end] = reach(place, 1);
    const to = Math.min(height, end);
    const stripHeight = meant.length / 75 / (1.5 * width);
    const [encodedFrom] = [1, 2]
      .map((margin) => reach(place, margin))
      .find(([a, b]) => b - a === stripHeight) ?? [Number.NaN];
    let moved = 0;
    for (let frame = 0; frame < 75; frame++) {
      const rows = (a: number, b: number) => rowsOf(shown, frame, height, a, b);
      const strip = rows(from, to);
      const encoded = rowsOf(meant, frame, stripHeight, from - encodedFrom, to - encodedFrom);
      assert.ok(strip.equals(encoded), `the strip of frame ${frame} is what was encoded`);
      if (frame === 0) continue;
      const first = (a: number, b: number) => rowsOf(shown, 1, height, a, b);
      assert.ok(rows(0, from).equals(first(0, from)), `above it, frame ${frame} is as before`);
      assert.ok(
        rows(to, height).equals(first(to, height)),
        `below it, frame ${frame} is as before`,
      );
      if (!strip.equals(rowsOf(shown, frame - 1, height, from, to))) moved++;
    }
    assert.ok(moved > 35, `it moves: ${moved} frames`);
    // In silence there is a flat waveform, and later a high one; `progress` is there from the start.
    const [early, later] = frames.map(yellowIn) as [Yellow, Yellow];
    assert.ok(later.rows > 2 * early.rows, `${early.rows} rows of it, then ${later.rows}`);
    assert.ok(later.pixels > 500, `${later.pixels} pixels`);
    const poster = yellowIn(await sharp(made.posterPath).raw().toBuffer());
    assert.ok(poster.rows > early.rows, 'the poster shows it');
    assert.ok(progress.filter((fraction) => fraction > 0.2 && fraction < 0.97).length > 20);
  });
}

type Yellow = { pixels: number; rows: number };

function yellowIn(rgb: Buffer): Yellow {
  let pixels = 0;
  const rows = new Set<number>();
  for (let i = 0; i < rgb.length; i += 3) {
    const isYellow =
      (rgb[i] as number) >= 220 && (rgb[i + 1] as number) >= 200 && (rgb[i + 2] as number) <= 80;
    if (!isYellow) continue;
    pixels++;
    rows.add(Math.floor(i / 3 / width));
  }
  return { pixels, rows: rows.size };
}

test('a waveform over a picture that is as heavy as a level allows is made so that one allows it', async (t) => {
  const dir = await folder(t);
  // Noise above, and below a place where the waveform adds to it.
  const { between } = seeded(1);
  const noise = () => [1, 2, 3].map(() => Math.floor(between(0, 256)));
  const picture = pngOf({ type: 'rgb' }, 320, 180, (_, y) => (y < 128 ? noise() : [100, 100, 100]));
  const imagePath = await file(dir, 'noise.png', picture);
  const audioPath = await file(dir, 'a.wav', noiseWav(1));
  const options = videoOptions.parse({ waveform: 'bars' });
  const made = await render(t, { imagePath, audioPath, audioType: 'audio/wav', options });
  const { probed } = await probe(made.videoPath, ['-show_packets', '-select_streams', 'v']);
  const { packets } = probed as unknown as { packets: { size: string }[] };
  const heaviest = Math.max(...packets.map((packet) => Number(packet.size)));
  const level = levelFor({ width: 320, height: 180, framesPerSecond: 25, heaviest });
  assert.ok(level !== undefined && level <= Number(probed.streams[0]?.level), `${heaviest} bytes`);
});
