import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import sharp from 'sharp';
import { type GivenOptions, videoOptions } from '../../src/video_options.ts';
import { viewAt } from '../../worker/media/picture/motion.ts';
import { placeOf } from '../../worker/media/picture/waveform_layout.ts';
import { skipBrowser, startBrowser } from '../support/browser.ts';
import { suiteCleanup } from '../support/database.ts';
import { openInFirefox, skipFirefox } from '../support/firefox.ts';
import { file, folder, render } from '../support/media.ts';
import { silentWav, toneWav } from '../support/wav.ts';
import { height, type Seen, startPlayer, type Wanted, width } from './player.ts';

const colours = ['#ff0000', '#00ff00', '#0000ff', '#ffffff', '#808080'];
const column = width / colours.length;

type Video = {
  seconds: number;
  options: GivenOptions;
  captions?: string;
  /** Of the picture: a small one is quick to encode and to seek. */
  size?: [width: number, height: number];
  positions: number;
  /** What must be seen on a frame. */
  assertFrame(rows: Record<number, number[]>, frame: number, within: number): void;
};

const middle = height / 2;
/** Where captions have their box, beside its letters. */
const captionRow = 308;
const place = placeOf({ style: 'progress', position: 'top', color: '' }, width, height);
const waveRow = place.y + place.height / 2;
const frames = (video: Video) => video.seconds * 25;

/** A caption in each second. */
const cues = Array.from(
  { length: 6 },
  (_, i) => `00:0${i}.300 --> 00:0${i}.700\n${'caption '.repeat(3)}${i}\n`,
);
const isCaptioned = (frame: number) => frame % 25 >= 8 && frame % 25 < 18;

const videos: Record<string, Video> = {
  plain: { seconds: 65, options: {}, size: [160, 90], positions: 12, assertFrame: assertColours },
  edited: {
    seconds: 22,
    options: { target: 'youtube' },
    size: [160, 90],
    positions: 12,
    assertFrame: assertColours,
  },
  captioned: {
    seconds: 6,
    options: { captionStyle: 'burned' },
    captions: `WEBVTT\n\n${cues.join('\n')}`,
    positions: 10,
    assertFrame: (rows, frame, within) => {
      assertColours(rows, frame, within);
      assertCaption(rows, frame);
    },
  },
  waveform: {
    seconds: 6,
    options: { waveform: 'progress', waveformPosition: 'top', waveformColor: '#000000' },
    positions: 10,
    assertFrame: (rows, frame, within) => {
      assertColours(rows, frame, within);
      assertPlayed(rows, frame);
    },
  },
  // Beyond the end of a cycle.
  motion: {
    seconds: 24,
    options: { motion: 'pan-left' },
    size: [160, 90],
    positions: 10,
    assertFrame: assertMoved,
  },
  everything: {
    seconds: 6,
    options: {
      ...{ motion: 'pan-left', captionStyle: 'burned', waveform: 'progress' },
      ...{ waveformPosition: 'top', waveformColor: '#000000' },
    },
    captions: `WEBVTT\n\n${cues.join('\n')}`,
    positions: 10,
    assertFrame: (rows, frame) => {
      assertMoved(rows, frame);
      assertCaption(rows, frame);
      assertPlayed(rows, frame);
    },
  },
};

describe('browsers seek, show what is meant, and come to the end', { concurrency: 1 }, () => {
  const cleanup = suiteCleanup();
  let seenBy: (open: (page: string) => Promise<unknown>) => Promise<Seen[] | string>;

  before(async () => {
    const dir = await folder(cleanup);
    const wanted: Wanted[] = [];
    for (const [name, video] of Object.entries(videos)) {
      const imagePath = `${dir}/${name}.png`;
      await colourCard(imagePath, video.size);
      const made = await render(cleanup, {
        imagePath,
        audioPath: await file(dir, `${name}.wav`, soundFor(video)),
        audioType: 'audio/wav',
        captionsPath: video.captions && (await file(dir, `${name}.vtt`, video.captions)),
        options: videoOptions.parse(video.options),
      });
      wanted.push({ name, path: made.videoPath, positions: randomPlaces(video) });
    }
    seenBy = await startPlayer(cleanup, wanted, [waveRow, middle, captionRow]);
  });

  test('Chromium', { skip: skipBrowser }, async (t) => {
    // Drawn as a graphics card does: without one, Chromium's own arithmetic is 12 of 255 off in blue.
    const graphics = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
    const browser = await startBrowser(t, ['--ignore-gpu-blocklist', ...graphics]);
    const tab = await browser.newPage();
    assertSeen(await seenBy((page) => tab.goto(page)), 3);
  });

  test('Firefox', { skip: skipFirefox }, async (t) => {
    // Its own arithmetic is 12 of 255 off in blue.
    assertSeen(await seenBy((page) => openInFirefox(t, page)), 14);
  });
});

/** A waveform needs something to show. */
const soundFor = ({ seconds, options }: Video) =>
  options.waveform ? toneWav(seconds, { rate: 48_000 }) : silentWav(seconds);

/** The first and the last frame among them; the last one near the end, from where it plays on. */
function randomPlaces({ seconds, positions }: Video): number[] {
  let seed = 20_261_128;
  const random = () => {
    seed = (seed * 48_271) % 0x7fff_ffff;
    return seed / 0x7fff_ffff;
  };
  const last = seconds - 0.04;
  // In the middle of a frame's time, so that there is no doubt which frame it is.
  const places = Array.from({ length: positions - 3 }, () => random() * last);
  return [0, last, ...places, last - 0.5].map((at) => Math.floor(at * 25 + 0.01) / 25 + 0.02);
}

function assertSeen(all: Seen[] | string, within: number) {
  assert.ok(Array.isArray(all), String(all));
  assert.deepEqual(
    all.map(({ name }) => name),
    Object.keys(videos),
  );
  for (const { name, ...seen } of all) {
    const video = videos[name] as Video;
    assert.ok(Math.abs(seen.duration - video.seconds) < 0.04, `${name}: ${seen.duration}`);
    assert.ok(Math.abs(seen.currentTime - seen.duration) < 0.04, `${name}: ${seen.currentTime}`);
    assert.deepEqual([seen.videoWidth, seen.videoHeight], video.size ?? [width, height]);
    for (const { position, at, rows } of seen.shown) {
      assert.ok(Math.abs(at - position) < 0.001, `${name}: ${position} became ${at}`);
      try {
        video.assertFrame(rows, Math.floor(position * 25), within);
      } catch (error) {
        throw new Error(`${name} at ${position}`, { cause: error });
      }
    }
  }
}

const colourAt = (row: number[] | undefined, x: number) => row?.slice(3 * x, 3 * x + 3) ?? [];

function assertColours(rows: Record<number, number[]>, _frame: number, within: number) {
  const seen = colours.map((_, i) => colourAt(rows[middle], (i + 0.5) * column));
  const meant = colours.flatMap((colour) => [...Buffer.from(colour.slice(1), 'hex')]);
  const off = seen.flat().map((value, i) => Math.abs(value - (meant[i] ?? 0)));
  assert.ok(Math.max(...off) <= within, JSON.stringify(seen));
}

/** The box of a caption is over the blue in the middle. */
function assertCaption(rows: Record<number, number[]>, frame: number) {
  const [, , blue = 0] = colourAt(rows[captionRow], width / 2);
  assert.equal(blue < 130, isCaptioned(frame), `blue ${blue} on frame ${frame}`);
}

/** Up to where the black bars are full. */
function assertPlayed(rows: Record<number, number[]>, frame: number) {
  const isFull = (x: number) => colourAt(rows[waveRow], x).every((value) => value < 45);
  const full = Array.from({ length: width }, (_, x) => x).filter(isFull);
  const meant = place.x + (place.width * (frame + 1)) / frames(videos.waveform as Video);
  assert.ok(Math.abs(Math.max(place.x, ...full) - meant) < 9, `${full.at(-1)} of ${meant}`);
}

/** Where red meets green. */
function assertMoved(rows: Record<number, number[]>, frame: number) {
  const { zoom, across } = viewAt('pan-left', frame / 500);
  const meant = width / 2 + (column - across * width) * zoom;
  const isRed = (x: number) => (colourAt(rows[middle], x)[0] ?? 0) > 128;
  const red = Array.from({ length: width / 2 }, (_, x) => x).filter(isRed);
  assert.ok(Math.abs(red.length - meant) < 6, `${red.length} of ${meant}`);
}

async function colourCard(path: string, size: [number, number] = [width, height]) {
  const cards = colours.map((background, i) => ({
    input: { create: { width: column, height, channels: 3 as const, background } },
    left: i * column,
    top: 0,
  }));
  const black = { width, height, channels: 3 as const, background: '#000' };
  const card = await sharp({ create: black }).composite(cards).png().toBuffer();
  await sharp(card).resize(size[0], size[1], { kernel: 'nearest' }).toFile(path);
}
