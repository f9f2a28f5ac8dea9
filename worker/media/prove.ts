import { open } from 'node:fs/promises';
import { RenderError } from './errors.ts';
import { runChild } from './ffmpeg/child.ts';
import type { Machine } from './machine.ts';

export type Promised = { width: number; height: number; seconds: number };

const LENGTH_SLACK = 0.04;
/**
 * Proves that the file is the video that was promised: its streams, its length, its index in front, and that
 * its first and last frames decode without a complaint. Throws RenderError when it is not.
 */
export async function proveVideo(
  machine: Pick<Machine, 'ffprobePath' | 'signal'>,
  path: string,
  promised: Promised,
): Promise<void> {
  const { code, stdout, stderr } = await runChild({
    program: machine.ffprobePath,
    args: [
      ...['-v', 'error', '-f', 'mp4', '-protocol_whitelist', 'file', '-of', 'json'],
      ...['-show_chapters', '-show_entries', ENTRIES],
      ...['-read_intervals', startAndEnd(promised.seconds), path],
    ],
    signal: machine.signal,
    limitMs: 60_000,
  });
  const faults = stderr ? [stderr] : [];
  if (code !== 0) faults.push(`ffprobe ended with ${code}`);
  else faults.push(...faultsOf(JSON.parse(stdout.toString()), promised));
  if ((await boxOrder(path)) !== 'ftyp moov mdat') faults.push('its index is not in front');
  if (faults.length > 0) {
    throw new RenderError('The server made a faulty video.', `${path}: ${faults.join('; ')}`);
  }
}

const ENTRIES = [
  'format=duration',
  'stream=codec_name,profile,pix_fmt,width,height,color_space,color_range,avg_frame_rate,channels,sample_rate',
  'frame=media_type,pts_time',
].join(':');

/** Enough of the start to meet both tracks, which lie second by second, and all from the last key frame on. */
function startAndEnd(seconds: number): string {
  return `%+1.2,${Math.max(0, seconds - 0.1).toFixed(3)}%`;
}

type Seen = {
  format: { duration: string };
  streams: Record<string, string | number>[];
  chapters: unknown[];
  frames: { media_type: string; pts_time: string }[];
};

function faultsOf(seen: Seen, promised: Promised): string[] {
  const { width, height, seconds } = promised;
  const faults: string[] = [];
  const expect = (what: string, is: unknown, should: unknown) => {
    if (String(is) !== String(should)) faults.push(`${what} is ${is}, not ${should}`);
  };
  const near = (what: string, is: number, should: number) => {
    if (!(Math.abs(is - should) <= LENGTH_SLACK)) faults.push(`${what} is ${is}, not ${should}`);
  };
  const [video = {}, audio = {}] = seen.streams;
  expect('number of streams', seen.streams.length, 2);
  expect('number of chapters', seen.chapters.length, 0);
  expect('video', [video.codec_name, video.profile, video.pix_fmt], ['h264', 'High', 'yuv420p']);
  expect('picture', [video.width, video.height], [width, height]);
  expect('colour', [video.color_space, video.color_range], ['bt709', 'tv']);
  expect('frame rate', video.avg_frame_rate, '25/1');
  expect('audio', [audio.codec_name, audio.profile, audio.channels], ['aac', 'LC', 2]);
  near('length', Number(seen.format.duration), seconds);
  for (const type of ['video', 'audio']) {
    const times = seen.frames
      .filter((frame) => frame.media_type === type)
      .map((f) => Number(f.pts_time));
    near(`first ${type} frame`, times[0] ?? Number.NaN, 0);
    near(`last ${type} frame`, times.at(-1) ?? Number.NaN, Math.max(0, seconds - 0.03));
  }
  return faults;
}

/** The types of the boxes that the file consists of. */
async function boxOrder(path: string): Promise<string> {
  const file = await open(path);
  try {
    const types: string[] = [];
    const head = Buffer.alloc(8);
    const { size } = await file.stat();
    for (let at = 0; at < size; at += Math.max(8, head.readUInt32BE(0))) {
      await file.read(head, 0, 8, at);
      types.push(head.toString('latin1', 4));
    }
    return types.join(' ');
  } finally {
    await file.close();
  }
}
