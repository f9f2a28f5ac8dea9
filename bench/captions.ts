import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cue } from '../src/captions/cue.ts';
import { toWebVtt } from '../src/captions/web_vtt.ts';
import { videoOptions } from '../src/video_options.ts';
import { inBenchFolder } from './bench_folder.ts';
import type { Measurement } from './measurement.ts';
import { ffmpeg } from './recipe.ts';
import { renderVideo } from './render_video.ts';
import { spentOn, told } from './spent.ts';

const seconds = 60;
/** Each cue appears and disappears: 40 changes a minute. */
const cueCount = 20;
/** The usual way is measured over this many seconds, because each costs the same. */
const clipSeconds = 3;
const photo = 'mandelbrot=size=1920x1080:start_scale=0.3,noise=alls=36:allf=u,gblur=sigma=0.8';
const words = ['We are the music makers,', 'and we are the dreamers of dreams', 'wandering by'];

/** The cost of captions in the picture, beyond the plain video and compared with the usual filter. */
export const benchCaptions = (): Promise<Measurement[]> => inBenchFolder(measure);

async function measure(dir: string): Promise<Measurement[]> {
  const at = (name: string) => join(dir, name);
  const [imagePath, audioPath, captionsPath] = [at('p.jpg'), at('s.mp3'), at('captions.vtt')];
  await ffmpeg('-f', 'lavfi', '-i', photo, '-frames:v', '1', '-q:v', '3', imagePath);
  await ffmpeg('-f', 'lavfi', '-i', `sine=f=300:d=${seconds}`, '-b:a', '128k', audioPath);
  await writeFile(captionsPath, toWebVtt(cues()));
  const made = async (style?: 'track' | 'burned') => {
    const job = { imagePath, audioPath, audioType: 'audio/mpeg' as const };
    const captions = style && {
      options: videoOptions.parse({ captionStyle: style }),
      captionsPath,
    };
    let bytes = 0;
    const spent = await spentOn(async () => {
      bytes = (await stat((await renderVideo(dir, { ...job, ...captions })).videoPath)).size;
    });
    return { spent, bytes };
  };
  // The first render also loads code and fonts, which a worker does only once.
  await made('burned');
  const [plain, track, burned] = [await made(), await made('track'), await made('burned')];
  const filter = await spentOn(() => {
    const still = ['-loop', '1', '-framerate', '25', '-t', `${clipSeconds}`, '-i', imagePath];
    const encoder = ['-c:v', 'libx264', '-preset', 'medium', '-pix_fmt', 'yuv420p'];
    return ffmpeg(...still, '-vf', `subtitles=${captionsPath}`, ...encoder, at('usual.mp4'));
  });
  const beyond = burned.spent.cpu - plain.spent.cpu;
  const usual = (filter.cpu * seconds) / clipSeconds;
  const rounded = (value: number) => Number(value.toPrecision(3));
  return [
    {
      ...{ name: '1 min, 40 changes burned: CPU beyond plain', value: rounded(beyond), unit: 's' },
      ...{ must: 3, note: `${told(burned.spent)} against ${told(plain.spent)}` },
    },
    {
      ...{ name: '1 min: CPU, subtitles filter / ours', value: rounded(usual / beyond) },
      ...{ unit: '× less', must: 15, note: `libx264 medium: ${usual.toFixed(1)} s a minute` },
    },
    {
      ...{
        name: '1 min, 40 changes burned: bytes / plain',
        value: rounded(burned.bytes / plain.bytes),
      },
      ...{ unit: '×', must: 1.2, note: `${(burned.bytes / 1e6).toFixed(1)} MB` },
    },
    {
      ...{ name: '1 min, track: CPU / plain', value: rounded(track.spent.cpu / plain.spent.cpu) },
      ...{ unit: '×', must: 1.3, note: told(track.spent) },
    },
  ];
}

const cues = (): Cue[] =>
  Array.from({ length: cueCount }, (_, i) => {
    const fromMs = 500 + (i * seconds * 1000) / cueCount;
    return { fromMs, toMs: fromMs + 2000, lines: [[{ text: `${words[i % words.length]} ${i}` }]] };
  });
