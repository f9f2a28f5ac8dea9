import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AudioType } from '../src/media_type.ts';
import { videoOptions } from '../src/video_options.ts';
import type { Box } from '../worker/media/box/box.ts';
import { openBox } from '../worker/media/box/open_box.ts';
import { runChild } from '../worker/media/ffmpeg/child.ts';
import type { Measurement } from './measurement.ts';
import { ffmpeg, usualRecipe } from './recipe.ts';
import { renderVideo } from './render_video.ts';
import { spentOn } from './spent.ts';
import { median } from './statistics.ts';
import { type Step, stepsOf } from './steps.ts';

const photo = 'mandelbrot=size=4000x3000:start_scale=0.3,noise=alls=12:allf=u,gblur=sigma=0.8';
const music =
  "aevalsrc='0.3*sin(2*PI*(220+110*floor(mod(t*2,5)))*t)*exp(-2*mod(t,0.5))+0.05*random(0)':s=44100";
const runs = 3;
const starts = 50;
/** Each second of the usual recipe costs the same. */
const usualSeconds = 3;

type Small = { name: string; image: string; audio: string; type: AudioType; seconds: number };
const small: Small[] = [
  { name: '1 s WAV, 320×240', image: 'small.png', audio: '1.wav', type: 'audio/wav', seconds: 1 },
  { name: '2 s WAV, 320×240', image: 'small.png', audio: '2.wav', type: 'audio/wav', seconds: 2 },
  {
    name: '15 s MP3, 12 megapixels',
    image: 'photo.jpg',
    audio: '15.mp3',
    type: 'audio/mpeg',
    seconds: 15,
  },
  {
    name: '60 s MP3, 1920×1440',
    image: 'hd.jpg',
    audio: '60.mp3',
    type: 'audio/mpeg',
    seconds: 60,
  },
];

/**
 * The CPU time of small jobs, process by process, beside one bare ffmpeg that makes a valid video of the same
 * inputs: the floor. What a job costs besides, in the API and PostgreSQL, is in the part "scale".
 */
export async function benchSmallJobs(): Promise<Measurement[]> {
  const dir = await mkdtemp(join(tmpdir(), 'vidgen-bench-'));
  const box = await openBox('auto');
  const at = (name: string) => join(dir, name);
  try {
    await makeInputs(at);
    const rows: Measurement[] = [await startOf(box, dir)];
    for (const { name, image, audio, type, seconds } of small) {
      const given = { imagePath: at(image), audioPath: at(audio), audioType: type };
      const imageType = image.endsWith('.png') ? ('image/png' as const) : ('image/jpeg' as const);
      const options = videoOptions.parse({});
      const render = () => renderVideo(dir, { ...given, imageType, options });
      // The first also loads code, which a worker does only once.
      await render();
      const made: Cost[] = [];
      for (let run = 0; run < runs; run++) made.push(await costOf(render));
      const ours = median(made.map(({ cpu }) => cpu));
      const floor = (await costOf(() => bare(at(image), at(audio), at('bare.mp4'), seconds))).cpu;
      rows.push({ name: `${name}: CPU`, value: ours, unit: 's', note: made[0]?.told });
      rows.push({
        ...{ name: `${name}: CPU, ours / one bare ffmpeg`, value: ours / floor, unit: '×' },
        note: `the floor takes ${floor.toFixed(2)} s`,
      });
      if (seconds !== 15) continue;
      const usual = () => usualRecipe(at(image), at(audio), at('usual.mp4'), usualSeconds);
      const cpu = ((await spentOn(usual)).cpu * seconds) / usualSeconds;
      rows.push({
        name: `${name}: CPU, usual recipe / ours`,
        ...{ value: cpu / ours, unit: '× less', must: 40 },
        note: `it takes ${cpu.toFixed(1)} s, measured over ${usualSeconds} s`,
      });
    }
    return rows;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Everything that starting a boxed program takes, in this process too. */
async function startOf(box: Box, dir: string): Promise<Measurement> {
  const task = { program: '/bin/true', args: [], box, dir, limitMs: 60_000 };
  const { signal } = new AbortController();
  const { cpu } = await spentOn(async () => {
    for (let start = 0; start < starts; start++) await runChild({ ...task, signal });
  });
  return {
    ...{ name: 'start of a program in the box: CPU', value: (1_000 * cpu) / starts, unit: 'ms' },
    ...{ must: 15, note: `${box.level}, the mean of ${starts}` },
  };
}

async function makeInputs(at: (name: string) => string): Promise<void> {
  await ffmpeg('-f', 'lavfi', '-i', photo, '-frames:v', '1', '-q:v', '3', at('photo.jpg'));
  await ffmpeg('-i', at('photo.jpg'), '-vf', 'scale=1920:-2', '-q:v', '3', at('hd.jpg'));
  await ffmpeg('-i', at('photo.jpg'), '-vf', 'scale=320:240', at('small.png'));
  for (const { audio, seconds } of small)
    await ffmpeg('-f', 'lavfi', '-i', `${music}:d=${seconds}`, '-ac', '2', at(audio));
}

/** Frames that are all the same, by the quickest preset, once decoded. */
async function bare(image: string, audio: string, video: string, seconds: number): Promise<void> {
  const frames = `scale='min(1920,iw)':-2,loop=${25 * seconds - 1}:1,format=yuv420p`;
  const coders = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', '-b:a', '192k'];
  const inputs = ['-framerate', '25', '-i', image, '-i', audio];
  await ffmpeg(
    ...inputs,
    '-vf',
    frames,
    ...coders,
    '-t',
    `${seconds}`,
    '-movflags',
    '+faststart',
    video,
  );
}

type Cost = { cpu: number; told: string };

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const before = process.cpuUsage();
  const steps = await stepsOf(work);
  const { user, system } = process.cpuUsage(before);
  const own: Step = { program: 'this process', cpu: (user + system) / 1e6 };
  const all = [...steps, own];
  return {
    cpu: all.reduce((sum, step) => sum + step.cpu, 0),
    told: all.map(({ program, cpu }) => `${program} ${cpu.toFixed(2)}`).join(', '),
  };
}

if (import.meta.main)
  console.table(await benchSmallJobs(), ['name', 'value', 'unit', 'must', 'note']);
