import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type AudioType, makeVideo } from '../worker/media/make_video.ts';
import type { Measurement } from './run.ts';

const ffmpegPath = process.env.FFMPEG_PATH ?? 'ffmpeg';
const ffprobePath = process.env.FFPROBE_PATH ?? 'ffprobe';
const run = promisify(execFile);

const PHOTO = 'mandelbrot=size=4000x3000:start_scale=0.3,noise=alls=12:allf=u,gblur=sigma=0.8';
const MUSIC =
  "aevalsrc='0.3*sin(2*PI*(220+110*floor(mod(t*2,5)))*t)*exp(-2*mod(t,0.5))+0.05*random(0)" +
  "|0.3*sin(2*PI*(330+55*floor(mod(t*3,7)))*t)*exp(-3*mod(t,0.33))+0.05*random(1)':s=44100:d=60";

/** Measures rendering against the usual ways of doing the same, side by side on this machine. */
export async function benchRender(): Promise<Measurement[]> {
  const dir = await mkdtemp(join(tmpdir(), 'vidgen-bench-'));
  try {
    return await measure(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function measure(dir: string): Promise<Measurement[]> {
  const at = (name: string) => join(dir, name);
  await ffmpeg('-f', 'lavfi', '-i', PHOTO, '-frames:v', '1', '-q:v', '3', at('photo.jpg'));
  await ffmpeg('-f', 'lavfi', '-i', MUSIC, '-b:a', '128k', at('1.mp3'));
  const looped = async (minutes: number) => {
    const path = at(`${minutes}.mp3`);
    const length = ['-t', `${minutes * 60}`, '-c', 'copy', path];
    await ffmpeg('-stream_loop', '-1', '-i', at('1.mp3'), ...length);
    return path;
  };
  const ours = (audioPath: string, audioType: AudioType) =>
    render(dir, at('photo.jpg'), audioPath, audioType);
  const usual = (seconds: number) =>
    clocked(() => usualRecipe(at('photo.jpg'), at('1.mp3'), at('usual.mp4'), seconds));

  const results: Measurement[] = [];
  const row = (name: string, value: number, unit: string, rest: Partial<Measurement> = {}) => {
    results.push({ name, value: Number(value.toPrecision(3)), unit, ...rest });
    console.error(`  ${name}: ${value.toPrecision(3)} ${unit} ${rest.note ?? ''}`);
  };

  // A first render pays for code that is loaded once in a worker's life.
  await ffmpeg('-i', at('1.mp3'), '-t', '10', '-c', 'copy', at('short.mp3'));
  await ours(at('short.mp3'), 'mp3');

  const short = await ours(at('short.mp3'), 'mp3');
  const usualShort = await usual(10);
  row('10 s clip: CPU, usual recipe / ours', usualShort.cpu / short.cpu, '× less', {
    must: 10,
    aim: 30,
    note: `${short.cpu.toFixed(2)} s against ${usualShort.cpu.toFixed(1)} s`,
  });

  const minute = await ours(at('1.mp3'), 'mp3');
  const usualMinute = await usual(60);
  row('60 s MP3: usual recipe / ours', usualMinute.seconds / minute.seconds, '× faster', {
    must: 40,
    aim: 100,
    note: `${told(minute)} against ${told(usualMinute)}`,
  });
  const usualBytes = await videoBytes(at('usual.mp4'));

  const hour = await looped(52);
  const long = await ours(hour, 'mp3');
  const encodeOnly = await clocked(() =>
    ffmpeg('-i', hour, '-c:a', 'aac', '-aac_coder', 'fast', at('52.m4a')),
  );
  row('52 min MP3: ours / AAC encode alone', long.seconds / encodeOnly.seconds, '×', {
    must: 1.15,
    aim: 0.65,
    note: `${told(long)} against ${told(encodeOnly)}, ${availableParallelism()} cores`,
  });

  const copies = [];
  const renders = [];
  for (let i = 0; i < 3; i++) {
    copies.push(await clocked(() => ffmpeg('-i', at('52.m4a'), '-c', 'copy', at('copy.m4a'))));
    renders.push(await ours(at('52.m4a'), 'm4a'));
  }
  const best = (all: { seconds: number }[]) => Math.min(...all.map((one) => one.seconds));
  row('50 MB M4A: ours / copy alone', best(renders) / best(copies), '×', {
    must: 3,
    aim: 1.5,
    note: `${best(renders).toFixed(2)} s against ${best(copies).toFixed(2)} s, best of 3`,
  });

  const lengths = [minute];
  for (const minutes of [10, 60, 180]) {
    const made = await ours(await looped(minutes), 'mp3');
    lengths.push(made);
    if (minutes === 10) {
      row(
        '10 min: video track, ours / usual recipe',
        (await videoBytes(made.videoPath)) / (10 * usualBytes),
        '×',
        {
          must: 1.2,
          note: 'the usual recipe measured over one minute, times ten',
        },
      );
    }
    row(`${minutes} min MP3: per minute of audio`, made.seconds / minutes, 's', {
      note: `${told(made)} in all`,
    });
  }
  const memory = Math.max(...[short, long, ...renders, ...lengths].map((one) => one.megabytes));
  row('peak memory of this process and its children', memory, 'MB', { must: 350, aim: 200 });
  return results;
}

async function render(dir: string, imagePath: string, audioPath: string, audioType: AudioType) {
  const job = await mkdtemp(join(dir, 'job-'));
  let made: Awaited<ReturnType<typeof makeVideo>> | undefined;
  const spent = await clocked(async () => {
    made = await makeVideo({
      imagePath,
      audioPath,
      audioType,
      dir: job,
      ffmpegPath,
      ffprobePath,
      maxAudioSeconds: 3 * 3600,
      threads: availableParallelism(),
      signal: new AbortController().signal,
      onProgress: () => {},
    });
  });
  return { ...spent, videoPath: made?.videoPath ?? '' };
}

/** What everybody does: each frame of the looped picture is decoded, scaled and encoded. */
async function usualRecipe(image: string, audio: string, video: string, seconds: number) {
  const fit =
    'scale=1920:1080:force_original_aspect_ratio=decrease:force_divisible_by=2,format=yuv420p';
  await ffmpeg(
    ...['-loop', '1', '-framerate', '25', '-i', image, '-t', `${seconds}`, '-i', audio],
    ...[
      '-vf',
      fit,
      '-c:v',
      'libx264',
      '-tune',
      'stillimage',
      '-c:a',
      'aac',
      '-t',
      `${seconds}`,
      '-shortest',
      video,
    ],
  );
}

/** At the priority that rendering has, so that a busy machine slows both alike. */
async function ffmpeg(...args: string[]) {
  const running = run(ffmpegPath, ['-nostdin', '-v', 'error', '-y', ...args]);
  if (running.child.pid !== undefined) setPriority(running.child.pid, 10);
  await running;
}

/** Wall-clock and CPU seconds of this process and its children, and their peak memory together. */
async function clocked(work: () => Promise<unknown>) {
  let megabytes = residentMegabytes();
  const watch = setInterval(() => {
    megabytes = Math.max(megabytes, residentMegabytes());
  }, 40);
  const cpuBefore = cpuSeconds();
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  const cpu = cpuSeconds() - cpuBefore;
  clearInterval(watch);
  return { seconds, cpu, megabytes };
}

function told({ seconds, cpu }: { seconds: number; cpu: number }): string {
  return `${seconds.toFixed(1)} s (CPU ${cpu.toFixed(1)} s)`;
}

/** By Linux: of this process and of those of its children that have ended. */
function cpuSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

function residentMegabytes(): number {
  const family = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  let kilobytes = 0;
  for (const pid of family) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const parent = /^PPid:\s+(\d+)/m.exec(status)?.[1];
      if (Number(pid) !== process.pid && Number(parent) !== process.pid) continue;
      kilobytes += Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    } catch {
      // It has just ended.
    }
  }
  return kilobytes / 1024;
}

async function videoBytes(path: string): Promise<number> {
  const { stdout } = await run(ffprobePath, [
    ...[
      '-v',
      'error',
      '-select_streams',
      'v:0',
      '-show_entries',
      'packet=size',
      '-of',
      'csv=p=0',
      path,
    ],
  ]);
  return stdout.split('\n').reduce((sum, line) => sum + (Number.parseInt(line, 10) || 0), 0);
}

if (import.meta.main)
  console.table(await benchRender(), ['name', 'value', 'unit', 'must', 'aim', 'note']);
