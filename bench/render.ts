import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import type { AudioType } from '../src/media_type.ts';
import { type GivenOptions, videoOptions } from '../src/video_options.ts';
import { inBenchFolder } from './bench_folder.ts';
import type { Measurement } from './measurement.ts';
import { ffmpeg, usualRecipe, videoBytes } from './recipe.ts';
import { renderVideo } from './render_video.ts';
import { type Spent, spentOn, told } from './spent.ts';
import { median } from './statistics.ts';

const photo = 'mandelbrot=size=4000x3000:start_scale=0.3,noise=alls=12:allf=u,gblur=sigma=0.8';
const music =
  "aevalsrc='0.3*sin(2*PI*(220+110*floor(mod(t*2,5)))*t)*exp(-2*mod(t,0.5))+0.05*random(0)" +
  "|0.3*sin(2*PI*(330+55*floor(mod(t*3,7)))*t)*exp(-3*mod(t,0.33))+0.05*random(1)':s=44100:d=60";

/** Each second of the usual recipe costs the same, so a clip of this length is enough. */
const clipSeconds = 10;
const reference = `the usual recipe measured over ${clipSeconds} s`;

/** What only changes the picture, against the plain job: times its CPU at most. */
const canvases: [name: string, options: GivenOptions, must: number][] = [
  ['16:9 with bars', { aspectRatio: '16:9' }, 1.3],
  ['16:9 with bars of the edge', { aspectRatio: '16:9', background: 'auto' }, 1.3],
  ['16:9 filled', { aspectRatio: '16:9', fit: 'cover' }, 1.3],
  ['16:9 over a blurred copy', { aspectRatio: '16:9', fit: 'blur' }, 1.3],
  ['9:16 over a blurred copy', { aspectRatio: '9:16', fit: 'blur' }, 1.3],
  ['720p', { resolution: '720p' }, 1.3],
  ['16:9 at 1440p, filled', { aspectRatio: '16:9', fit: 'cover', resolution: '1440p' }, 3],
  ['16:9 at 2160p, filled', { aspectRatio: '16:9', fit: 'cover', resolution: '2160p' }, 3],
];

/** Measures rendering against the usual ways of doing the same, side by side on this machine. */
export const benchRender = (): Promise<Measurement[]> => inBenchFolder(measure);

async function measure(dir: string): Promise<Measurement[]> {
  const at = (name: string) => join(dir, name);
  await Promise.all([
    ffmpeg('-f', 'lavfi', '-i', photo, '-frames:v', '1', '-q:v', '3', at('photo.jpg')),
    ffmpeg('-f', 'lavfi', '-i', music, '-b:a', '128k', at('1.mp3')),
  ]);
  /** The minute repeated, or a part of it. */
  const mp3 = async (seconds: number) => {
    const looped = ['-stream_loop', '-1', '-i', at('1.mp3'), '-t', `${seconds}`];
    await ffmpeg(...looped, '-c', 'copy', at(`${seconds}.mp3`));
    return at(`${seconds}.mp3`);
  };
  const renders: (Spent & { what: string })[] = [];
  const ours = async (
    audioPath: string,
    audioType: AudioType = 'audio/mpeg',
    given: GivenOptions = {},
  ) => {
    const options = videoOptions.parse(given);
    const told: Told[] = [];
    const note = (fraction: number) => told.push({ fraction, at: performance.now() });
    const began = performance.now();
    const spent = await spentOn(() =>
      renderVideo(dir, {
        imagePath: at('photo.jpg'),
        audioPath,
        audioType,
        options,
        onProgress: note,
      }),
    );
    renders.push({ ...spent, what: [basename(audioPath), ...Object.values(given)].join(' ') });
    return { ...spent, untrue: furthestFromTime(told, began) };
  };
  const results: Measurement[] = [];
  const row = (name: string, value: number, unit: string, rest: Partial<Measurement> = {}) => {
    results.push({ name, value: Number(value.toPrecision(3)), unit, ...rest });
    console.error(`  ${name}: ${value.toPrecision(3)} ${unit} ${rest.note ?? ''}`);
  };

  // The first render also loads code, which a worker does only once.
  const short = await mp3(clipSeconds);
  await ours(short);
  const clip = await ours(short);
  const minute = await ours(at('1.mp3'));
  for (const [name, options, must] of canvases) {
    const spent = await ours(at('1.mp3'), 'audio/mpeg', options);
    const { size } = await stat(at('job/video.mp4'));
    // The plain job again, back to back, so that other activity on the machine affects both.
    const plain = await ours(at('1.mp3'));
    const { size: plainSize } = await stat(at('job/video.mp4'));
    row(`60 s MP3: CPU, ${name} / plain`, spent.cpu / plain.cpu, '×', {
      must,
      note: `${told(spent)} against ${told(plain)}; file ${(size / plainSize).toFixed(2)} ×`,
    });
  }
  const usual = await spentOn(() =>
    usualRecipe(at('photo.jpg'), short, at('usual.mp4'), clipSeconds),
  );
  const usualTrackPerSecond = (await videoBytes(at('usual.mp4'))) / clipSeconds;
  row('10 s clip: CPU, usual recipe / ours', usual.cpu / clip.cpu, '× less', {
    must: 10,
    aim: 30,
    note: `${told(clip)} against ${told(usual)}`,
  });
  const usualMinute = (usual.seconds * 60) / clipSeconds;
  row('60 s MP3: usual recipe / ours', usualMinute / minute.seconds, '× faster', {
    must: 40,
    aim: 100,
    note: `${told(minute)}; ${reference}`,
  });

  const book = await mp3(52 * 60);
  const long = await ours(book);
  const encode = await spentOn(() =>
    ffmpeg('-i', book, '-c:a', 'aac', '-b:a', '192k', at('book.m4a')),
  );
  row('52 min MP3: ours / AAC encode alone', long.seconds / encode.seconds, '×', {
    must: 0.7,
    aim: 0.6,
    note: `${told(long)} against ${told(encode)}, ${availableParallelism()} cores`,
  });

  // What is copied is decoded too, so that damage is found and what it holds can be told.
  const copy = () =>
    spentOn(async () => {
      await ffmpeg('-i', at('book.m4a'), '-f', 'null', '-');
      await ffmpeg('-i', at('book.m4a'), '-c', 'copy', at('copy.m4a'));
    });
  const copies = [await copy(), await copy(), await copy()];
  const m4a = () => ours(at('book.m4a'), 'audio/mp4');
  const copying = [await m4a(), await m4a(), await m4a()];
  row('50 MB M4A: ours / decode and copy alone', quickest(copying) / quickest(copies), '×', {
    must: 3,
    aim: 1.5,
    note: `${quickest(copying).toFixed(2)} s against ${quickest(copies).toFixed(2)} s, best of 3`,
  });

  const loud = await ours(at('1.mp3'), 'audio/mpeg', { loudness: -16 });
  const kept = await ours(at('1.mp3'));
  const encodeMinute = await spentOn(() =>
    ffmpeg('-i', at('1.mp3'), '-c:a', 'aac', '-b:a', '192k', at('1.m4a')),
  );
  const more = (loud.cpu - kept.cpu) / encodeMinute.cpu;
  row('60 s MP3 at −16 LUFS: CPU of its sound / AAC encode alone', 1 + more, '×', {
    must: 2.2,
    note: `${told(loud)} against ${told(kept)} without; the encode ${told(encodeMinute)}`,
  });

  const perMinute = (minutes: number, spent: Spent) =>
    row(`${minutes} min MP3: per minute of audio`, spent.seconds / minutes, 's', {
      note: `${told(spent)} in all`,
    });
  perMinute(1, minute);
  const untrue = [long.untrue];
  for (const minutes of [10, 60, 180]) {
    const spent = await ours(await mp3(minutes * 60));
    perMinute(minutes, spent);
    if (minutes > 10) untrue.push(spent.untrue);
    if (minutes !== 10) continue;
    const tracks = (await videoBytes(at('job/video.mp4'))) / 600 / usualTrackPerSecond;
    row('10 min: video track, ours / usual recipe', tracks, '×', { must: 1.2, note: reference });
  }
  row('52, 60, 180 min: progress against time', median(untrue), 'points', {
    must: 5,
    note: `the furthest it is from the share of the time that has gone: ${untrue.map((one) => one.toFixed(1)).join(', ')}`,
  });
  const isLarge = ({ what }: { what: string }) => /1440p|2160p/.test(what);
  const most = (some: typeof renders) =>
    // Pages that several processes map (the program, its libraries) are counted once.
    some.toSorted((one, other) => other.ownMegabytes - one.ownMegabytes)[0];
  const peak = (name: string, some: typeof renders, bars: Partial<Measurement>) => {
    const { ownMegabytes = 0, megabytes = 0, what } = most(some) ?? {};
    const note = `by ${what}; resident sizes, each with what it shares: ${megabytes.toFixed(0)} MB`;
    row(`peak memory of this process and its children, ${name}`, ownMegabytes, 'MB', {
      ...bars,
      note,
    });
  };
  peak(
    'up to 1080p',
    renders.filter((one) => !isLarge(one)),
    { must: 350, aim: 200 },
  );
  peak('above', renders.filter(isLarge), {});
  return results;
}

const quickest = (all: Spent[]): number => Math.min(...all.map((one) => one.seconds));

type Told = { fraction: number; at: number };

/** In points, of what was told since `began`, when the work took until now. */
function furthestFromTime(told: Told[], began: number): number {
  const whole = performance.now() - began;
  return Math.max(
    ...told.map(({ fraction, at }) => 100 * Math.abs(fraction - (at - began) / whole)),
  );
}

if (import.meta.main)
  console.table(await benchRender(), ['name', 'value', 'unit', 'must', 'aim', 'note']);
