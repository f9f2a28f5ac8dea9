import assert from 'node:assert/strict';
import { chmod, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import sharp from 'sharp';
import { videoOptions } from '../../src/video_options.ts';
import { noBox } from '../../worker/media/box/limits.ts';
import { levelFor } from '../../worker/media/codec/level.ts';
import { placeOf } from '../../worker/media/picture/waveform_layout.ts';
import {
  assertVideo,
  decodeFrame,
  decodeVideo,
  ffmpegPath,
  file,
  folder,
  plainPicture,
  probe,
  render,
  synthesize,
} from '../support/media.ts';
import { assertDecodersAgree } from '../support/openh264.ts';
import { wav } from '../support/sound.ts';

const [width, height] = [640, 360];
/** Rows that the waveform may touch with the slices in which it lies, and one more above and below. */
const slice = 48;
/** A second of silence, then a melody. */
const melody =
  "aevalsrc='if(lt(t,1),0,0.4*sin(2*PI*(220+110*floor(mod(t*3,5)))*t)*exp(-3*mod(t,0.5)))':d=3";
const picture = `mandelbrot=size=${width}x${height}:start_scale=0.3,noise=alls=8:allf=u,gblur=sigma=0.7,hue=s=0`;

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

for (const [style, position] of [
  ['bars', 'bottom'],
  ['line', 'center'],
  ['progress', 'top'],
] as const) {
  test(`${style}: only its strip changes, and every frame is what the encoder meant`, async (t) => {
    const dir = await folder(t);
    const { path, told } = await telling(dir);
    const imagePath = await synthesize(dir, 'photo.png', picture, '-frames:v', '1');
    const audioPath = await synthesize(dir, 'a.wav', melody);
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
    await assertVideo(made.videoPath);
    const shown = await decodeVideo(made.videoPath);
    await assertDecodersAgree(dir, made.videoPath, shown);
    const meant = await readFile(told);
    const place = placeOf({ style, position, color: '' }, width, height);
    const from = slice * Math.max(0, Math.floor(place.y / slice) - 1);
    const end = slice * (Math.ceil((place.y + place.height) / slice) + 1);
    const stripHeight = Math.min(16 * Math.ceil(height / 16), end) - from;
    const to = Math.min(height, end);
    let moved = 0;
    for (let frame = 0; frame < 75; frame++) {
      const rows = (a: number, b: number) => rowsOf(shown, frame, height, a, b);
      const strip = rows(from, to);
      const encoded = rowsOf(meant, frame, stripHeight, 0, to - from);
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
    const yellow = async (seconds: number) => yellowIn(await decodeFrame(made.videoPath, seconds));
    const [early, late] = [await yellow(0.5), await yellow(style === 'progress' ? 2.9 : 1.2)];
    assert.ok(late.rows > 2 * early.rows, `${early.rows} rows of it, then ${late.rows}`);
    assert.ok(late.pixels > 500, `${late.pixels} pixels`);
    const poster = yellowIn(await sharp(made.posterPath).raw().toBuffer());
    assert.ok(poster.rows > early.rows, 'the poster shows it');
    assert.ok(progress.filter((fraction) => fraction > 0.2 && fraction < 0.97).length > 20);
  });
}

function yellowIn(rgb: Buffer): { pixels: number; rows: number } {
  let pixels = 0;
  const rows = new Set<number>();
  for (let i = 0; i < rgb.length; i += 3) {
    const [red = 0, green = 0, blue = 0] = rgb.subarray(i, i + 3);
    if (red < 220 || green < 200 || blue > 80) continue;
    pixels++;
    rows.add(Math.floor(i / 3 / width));
  }
  return { pixels, rows: rows.size };
}

test('a waveform of a WAV whose odd chunk is not padded shows its sound', async (t) => {
  const dir = await folder(t);
  const chunks = Buffer.from('LIST\x09\0\0\0INFOabcde', 'latin1');
  const loud = wav({ chunks }, 44_100, (i) => 0.3 * Math.sin(i / 16));
  const audioPath = await file(dir, 'a.wav', loud);
  const imagePath = await plainPicture(dir);
  const options = videoOptions.parse({ waveform: 'bars' });
  const { videoPath } = await render(t, { imagePath, audioPath, audioType: 'audio/wav', options });
  const frames = [0.02, 0.8].map((seconds) => decodeFrame(videoPath, seconds));
  const [silent, sounding] = await Promise.all(frames);
  assert.notDeepEqual(silent, sounding);
});

test('a waveform over a picture that is as heavy as a level allows is made so that one allows it', async (t) => {
  const dir = await folder(t);
  // Noise above, and below a place where the waveform adds to it.
  const above = (rows: number, noise: string, plain: number) =>
    `if(lt(Y,${rows}),${noise},${plain})`;
  const [luma, blue, red] = [1, 2, 3].map((n) =>
    above(n === 1 ? 128 : 72, `255*random(${n})`, 100),
  );
  const noise = `nullsrc=s=320x180,geq=lum='${luma}':cb='${blue}':cr='${red}'`;
  const imagePath = await synthesize(dir, 'noise.png', noise, '-frames:v', '1');
  const audioPath = await synthesize(dir, 'a.wav', "aevalsrc='random(0)-0.5':d=1");
  const options = videoOptions.parse({ waveform: 'bars' });
  const made = await render(t, { imagePath, audioPath, audioType: 'audio/wav', options });
  const { probed } = await probe(made.videoPath, ['-show_packets', '-select_streams', 'v']);
  const { packets } = probed as unknown as { packets: { size: string }[] };
  const heaviest = Math.max(...packets.map((packet) => Number(packet.size)));
  const level = levelFor({ width: 320, height: 180, framesPerSecond: 25, heaviest });
  assert.ok(level !== undefined && level <= Number(probed.streams[0]?.level), `${heaviest} bytes`);
});
