import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type GivenOptions, videoOptions } from '../src/video_options.ts';
import { inBenchFolder } from './bench_folder.ts';
import type { Measurement } from './measurement.ts';
import { ffmpeg, keyFrameBytes, usualRecipe } from './recipe.ts';
import { renderVideo } from './render_video.ts';
import { spentOn, told } from './spent.ts';

const seconds = 180;
/** Each second of the usual recipe costs the same, so a clip of this length is enough. */
const clipSeconds = 10;
/** Key frames of some 220 KB, which is what a detailed photo takes. */
const detailed = 'mandelbrot=size=1920x1080:start_scale=0.3,noise=alls=36:allf=u,gblur=sigma=0.8';
const music = `aevalsrc='0.3*sin(2*PI*(220+110*floor(mod(t*2,5)))*t)*exp(-2*mod(t,0.5))+0.05*random(0)':s=44100:d=${seconds}`;
/** The distance of key frames before they had to be closer together, by the weight of the picture. */
const formerKeySeconds = { least: 10, most: 20, bytesPerSecond: 40_000 };

/** The cost of the files in CPU and bytes, for places without requirements and for those with some. */
export const benchFiles = (): Promise<Measurement[]> => inBenchFolder(measure);

async function measure(dir: string): Promise<Measurement[]> {
  const [imagePath, audioPath] = [join(dir, 'photo.jpg'), join(dir, 'song.mp3')];
  await ffmpeg('-f', 'lavfi', '-i', detailed, '-frames:v', '1', '-q:v', '3', imagePath);
  await ffmpeg('-f', 'lavfi', '-i', music, '-b:a', '128k', audioPath);
  const made = async (given: GivenOptions) => {
    const options = videoOptions.parse(given);
    let path = '';
    const spent = await spentOn(async () => {
      const job = { imagePath, audioPath, audioType: 'audio/mpeg' as const, options };
      path = (await renderVideo(dir, job)).videoPath;
    });
    return { path, spent, bytes: (await stat(path)).size };
  };
  // The first render also loads code, which a worker does only once.
  await made({});
  const plain = await made({});
  const keys = await keyFrameBytes(plain.path);
  const usualPath = join(dir, 'usual.mp4');
  const usual = await spentOn(() => usualRecipe(imagePath, audioPath, usualPath, clipSeconds));
  const usualBytes = ((await stat(usualPath)).size * seconds) / clipSeconds;
  const youtube = await made({ target: 'youtube', aspectRatio: 'source' });

  const results: Measurement[] = [];
  const row = (name: string, value: number, unit: string, rest: Partial<Measurement> = {}) =>
    results.push({ name, value: Number(value.toPrecision(3)), unit, ...rest });
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  row(
    '3 min: CPU, usual recipe / ours',
    (usual.cpu * seconds) / clipSeconds / plain.spent.cpu,
    '× less',
    {
      must: 40,
      note: `${told(plain.spent)} against ${told(usual)} for ${clipSeconds} s`,
    },
  );
  row('3 min: bytes, ours / usual recipe', plain.bytes / usualBytes, '×', {
    must: 1.5,
    note: `${megabytes(plain.bytes)} against ${megabytes(usualBytes)}, measured over ${clipSeconds} s`,
  });
  const former = plain.bytes - keys.bytes + formerKeyBytes(keys);
  row('3 min: bytes, against key frames 10 to 20 s apart', plain.bytes / former, '×', {
    must: 1.7,
    note: `${keys.count} key frames of ${Math.round(keys.bytes / keys.count / 1000)} KB`,
  });
  row('3 min: CPU, for YouTube / plain', youtube.spent.cpu / plain.spent.cpu, '×', {
    must: 1.3,
    note: `no edit lists, 48 kHz: ${told(youtube.spent)}, ${megabytes(youtube.bytes)}`,
  });
  return results;
}

function formerKeyBytes({ count, bytes }: { count: number; bytes: number }): number {
  const { least, most, bytesPerSecond } = formerKeySeconds;
  const each = bytes / count;
  const apart = Math.min(most, Math.max(least, Math.ceil(each / bytesPerSecond)));
  return each * Math.ceil(seconds / apart);
}

if (import.meta.main)
  console.table(await benchFiles(), ['name', 'value', 'unit', 'must', 'aim', 'note']);
