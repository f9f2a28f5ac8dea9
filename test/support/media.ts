import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { type ImageType, imageTypeOf } from '../../src/media_type.ts';
import { openBox } from '../../worker/media/box/open_box.ts';
import { findFfmpeg } from '../../worker/media/ffmpeg/find_ffmpeg.ts';
import { type MakeVideoOptions, makeVideo } from '../../worker/media/make_video.ts';
import type { Cleanup } from './database.ts';

const run = promisify(execFile);
const maxOutput = { maxBuffer: 512 * 1024 * 1024 };

const found = findFfmpeg(process.env.FFMPEG_PATH);
/** What makes the videos under test. */
export const { ffmpegPath, ffprobePath } = found;
/** What makes inputs and judges videos: the system's, which can do more than a video takes. */
export const system = found.from === 'the PATH' ? found : findFfmpeg('ffmpeg');
export const box = await openBox(process.env.CI ? 'required' : 'auto');

/** A folder that is removed when the test ends. */
export async function folder(t: Cleanup): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'vidgen-media-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** Runs ffmpeg with these arguments; resolves with its stderr. */
export async function ffmpeg(...args: string[]): Promise<string> {
  const all = ['-nostdin', '-hide_banner', '-v', 'warning', '-y', ...args];
  return (await run(system.ffmpegPath, all, maxOutput)).stderr.trim();
}

/** Makes a media file of one of ffmpeg's synthetic sources, e.g. `sine=d=2`. */
export async function synthesize(dir: string, name: string, source: string, ...args: string[]) {
  const path = join(dir, name);
  await ffmpeg('-f', 'lavfi', '-i', source, ...args, path);
  return path;
}

/** Makes several such files, each of a source and with arguments of its own, by one process. */
export async function synthesizeAll(
  dir: string,
  files: Record<string, [source: string, ...args: string[]]>,
): Promise<void> {
  const sources = [...new Set(Object.values(files).map(([source]) => source))];
  await ffmpeg(
    ...sources.flatMap((source) => ['-f', 'lavfi', '-i', source]),
    ...Object.entries(files).flatMap(([name, [source, ...args]]) => [
      ...['-map', `${sources.indexOf(source)}`, ...args, join(dir, name)],
    ]),
  );
}

export async function within(dir: string, path: string): Promise<string> {
  if (dirname(path) === dir) return path;
  const copy = join(dir, `copy-of-${basename(path)}`);
  await copyFile(path, copy);
  return copy;
}

/** The type by the bytes of a picture; PNG where they do not tell. */
export async function imageType(path: string): Promise<ImageType> {
  return (await imageTypeOf(await readFile(path))) ?? 'image/png';
}

/** Makes a video with the options of a test, in a folder of its own. */
export async function render(
  t: Cleanup,
  given: Pick<MakeVideoOptions, 'imagePath' | 'audioPath' | 'audioType'> &
    Partial<MakeVideoOptions>,
) {
  const dir = given.dir ?? (await folder(t));
  return makeVideo({
    imageType: await imageType(given.imagePath),
    ffmpegPath,
    ffprobePath,
    box,
    maxAudioSeconds: 3 * 3600,
    threads: 2,
    signal: new AbortController().signal,
    onProgress: () => {},
    ...given,
    dir,
    // The only folder that decoders may read, as it is for a worker.
    imagePath: await within(dir, given.imagePath),
    audioPath: await within(dir, given.audioPath),
  });
}

export type Probed = {
  format: Record<string, string> & { tags?: Record<string, string> };
  streams: (Record<string, string | number> & { tags?: Record<string, string> })[];
  chapters: unknown[];
};

/** What ffprobe reports; with `decoding` it decodes everything, and `complaints` is empty if all is well. */
export async function probe(path: string, decoding: string[] = []) {
  const show = ['-show_streams', '-show_format', '-show_chapters', '-of', 'json'];
  const args = ['-v', 'warning', ...decoding, ...show, path];
  const { stdout, stderr } = await run(system.ffprobePath, args);
  return { probed: JSON.parse(stdout) as Probed, complaints: stderr.trim() };
}

/** Writes a file that a test makes up byte by byte. */
export async function file(dir: string, name: string, content: string | Uint8Array) {
  const path = join(dir, name);
  await writeFile(path, content);
  return path;
}

/** An SVG as a PNG. The program itself forbids libvips to read SVGs, in this process too. */
export async function drawn(svg: string): Promise<Buffer> {
  const operation = ['VipsForeignLoadSvg'];
  sharp.unblock({ operation });
  try {
    return await sharp(Buffer.from(svg)).png().toBuffer();
  } finally {
    sharp.block({ operation });
  }
}

/** A small picture, for tests of sound. */
export async function plainPicture(dir: string): Promise<string> {
  const path = join(dir, 'plain.png');
  await sharp({ create: { width: 64, height: 48, channels: 3, background: '#336699' } }).toFile(
    path,
  );
  return path;
}

/** Asserts what holds for every video. */
export async function assertVideo(path: string): Promise<Probed> {
  const { probed, complaints } = await probe(path, ['-count_frames']);
  assert.equal(complaints, '');
  const [video, audio, ...others] = probed.streams;
  assert.deepEqual(
    [video?.codec_name, video?.profile, video?.pix_fmt, video?.r_frame_rate, video?.avg_frame_rate],
    ['h264', 'High', 'yuv420p', '25/1', '25/1'],
  );
  assert.deepEqual(
    [video?.color_space, video?.color_primaries, video?.color_transfer, video?.color_range],
    ['bt709', 'bt709', 'bt709', 'tv'],
  );
  assert.deepEqual([audio?.codec_name, audio?.profile, audio?.channels], ['aac', 'LC', 2]);
  assert.ok(['44100', '48000'].includes(String(audio?.sample_rate)));
  assert.equal(Number(video?.start_time), 0);
  assert.equal(Number(audio?.start_time), 0);
  assert.deepEqual([others, probed.chapters], [[], []]);
  const foreign = Object.keys(probed.format.tags ?? {}).filter((tag) => !brandTags.includes(tag));
  assert.deepEqual(foreign, []);
  return probed;
}

const brandTags = ['major_brand', 'minor_version', 'compatible_brands'];
