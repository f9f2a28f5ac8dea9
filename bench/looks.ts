import { join } from 'node:path';
import { type GivenOptions, videoOptions } from '../src/video_options.ts';
import { inBenchFolder } from './bench_folder.ts';
import type { Measurement } from './measurement.ts';
import { ffmpeg, videoBytes } from './recipe.ts';
import { renderVideo } from './render_video.ts';
import { spentOn } from './spent.ts';

const seconds = 25;
/** Each second of the usual recipes costs the same, so a clip of this length is enough. */
const clipSeconds = 5;
const photo = 'mandelbrot=size=1920x1080:start_scale=0.3,noise=alls=12:allf=u,gblur=sigma=0.8';
const music = `aevalsrc='0.3*sin(2*PI*(220+110*floor(mod(t*2,5)))*t)*exp(-2*mod(t,0.5))+0.05*random(0)':s=44100:d=${seconds}`;

const waveforms = [
  { style: 'bars', must: 9, aim: 4.5 },
  { style: 'line', must: 9, aim: 4.5 },
  { style: 'progress', must: 7, aim: 3.5 },
] as const;

/**
 * Moving pictures against the usual ways of making them, by CPU time, because wall time means nothing on a
 * busy machine.
 */
export const benchLooks = (): Promise<Measurement[]> => inBenchFolder(measure);

async function measure(dir: string): Promise<Measurement[]> {
  const [imagePath, audioPath] = [join(dir, 'photo.png'), join(dir, 'song.mp3')];
  await ffmpeg('-f', 'lavfi', '-i', photo, '-frames:v', '1', imagePath);
  await ffmpeg('-f', 'lavfi', '-i', music, '-b:a', '128k', audioPath);
  const made = async (given: GivenOptions) => {
    const job = { imagePath, audioPath, audioType: 'audio/mpeg' as const };
    const options = videoOptions.parse(given);
    let path = '';
    const { cpu } = await spentOn(async () => {
      path = (await renderVideo(dir, { ...job, imageType: 'image/png', options })).videoPath;
    });
    return { cpu, megabits: ((await videoBytes(path)) * 8) / seconds / 1e6 };
  };
  const usual = async (filter: string) => {
    const inputs = ['-loop', '1', '-framerate', '25', '-i', imagePath, '-i', audioPath];
    const encoders = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
    const shown = ['-filter_complex', filter, '-map', '[v]', '-map', '1:a', '-r', '25'];
    const { cpu } = await spentOn(() =>
      ffmpeg(...inputs, ...shown, ...encoders, '-t', `${clipSeconds}`, join(dir, 'usual.mp4')),
    );
    return (cpu * 60) / clipSeconds;
  };
  const results: Measurement[] = [];
  const row = (name: string, value: number, unit: string, rest: Partial<Measurement> = {}) => {
    results.push({ name, value: Number(value.toPrecision(3)), unit, ...rest });
    console.error(`  ${name}: ${value.toPrecision(3)} ${unit}`);
  };

  await made({});
  const plain = await made({});
  const waves = await usual(
    '[1:a]showwaves=s=1920x200:mode=cline:rate=25[w];[0:v][w]overlay=0:800[v]',
  );
  for (const { style, must, aim } of waveforms) {
    const { cpu, megabits } = await made({ waveform: style });
    const perMinute = ((cpu - plain.cpu) * 60) / seconds;
    row(`${style}: CPU beyond the plain job`, perMinute, 's a minute', { must, aim });
    const note = `showwaves and libx264 medium: ${waves.toFixed(0)} s a minute`;
    row(`${style}: showwaves / ours`, waves / perMinute, '× less CPU', { must: 10, aim: 20, note });
    row(`${style}: picture track`, megabits, 'Mbit/s', { must: 2, aim: 1 });
  }
  const motion = await made({ motion: 'zoom-in' });
  const pan = await usual(
    "[0:v]zoompan=z='1+0.0003*on':d=1:x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2':s=1920x1080:fps=25[v]",
  );
  const note = `for any length; zoompan and libx264 medium: ${pan.toFixed(0)} s a minute`;
  row('motion: CPU beyond the plain job', motion.cpu - plain.cpu, 's', { must: 45, aim: 30, note });
  row('motion: picture track', motion.megabits, 'Mbit/s', { must: 3.5, aim: 2.8 });
  const both = await made({ motion: 'pan-left', waveform: 'bars' });
  const bothPerMinute = ((both.cpu - plain.cpu) * 60) / seconds;
  row('motion and bars: CPU beyond the plain job', bothPerMinute, 's a minute', {
    must: 110,
    aim: 80,
  });
  return results;
}
