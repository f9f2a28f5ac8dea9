import { open } from 'node:fs/promises';
import { RenderError } from './errors.ts';
import { runChild } from './ffmpeg/child.ts';
import type { Machine } from './machine.ts';
import { boxAt, boxesIn, type FileBox, fileBoxes } from './mp4/boxes.ts';
import type { Movie } from './mp4/movie.ts';
import { frameRate } from './picture/picture_track.ts';

export type Promised = {
  width: number;
  height: number;
  /** Of the sound. */
  seconds: number;
  frames: number;
  /** The first and the last frame at which decoding can begin. */
  keys: [number, number];
  hasCaptions: boolean;
  editLists: boolean;
  leastBytes: number;
};

const lengthSlack = 0.04;
/** Half a frame, which is how closely frames can match a length, plus the coarseness of clocks. */
const tracksSlack = 0.021;
const syncSlack = 0.005;

export function promisedBy({ picture, sound, captions, ...movie }: Movie): Promised {
  const { width, height, frames } = picture;
  let last = frames - 1;
  while (!picture.isKey(last)) last--;
  return {
    ...{ width, height, frames, keys: [0, last] },
    seconds: sound.samples / sound.sampleRate,
    hasCaptions: captions?.cues.some((cue) => cue.fromMs < (frames * 1000) / frameRate) ?? false,
    editLists: !movie.noEditLists,
    leastBytes: movie.leastBytes ?? 0,
  };
}

/**
 * Proves that the file is the promised video: its streams, their lengths, its key frames, its index in front,
 * and that its first and last frames decode without an error. Throws RenderError when it is not.
 */
export async function proveVideo(
  machine: Pick<Machine, 'ffprobePath' | 'box' | 'dir' | 'signal'>,
  path: string,
  promised: Promised,
): Promise<void> {
  const { code, stdout, stderr } = await runChild({
    ...machine,
    program: machine.ffprobePath,
    args: [
      ...['-v', 'error', '-f', 'mp4', '-protocol_whitelist', 'file', '-of', 'json'],
      ...['-show_chapters', '-show_entries', entries],
      ...['-read_intervals', startAndEnd(promised), path],
    ],
    limitMs: 60_000,
  });
  const faults = stderr ? [stderr] : [];
  if (code !== 0) faults.push(`ffprobe ended with ${code}`);
  else faults.push(...faultsOf(JSON.parse(stdout.toString()), promised));
  faults.push(...(await faultsOfBoxes(path, promised)));
  if (faults.length > 0) {
    throw new RenderError('The server made a faulty video.', `${path}: ${faults.join('; ')}`);
  }
}

const entries = [
  'format=duration',
  'stream=codec_name,profile,pix_fmt,width,height,color_space,color_range,avg_frame_rate,nb_frames,channels,sample_rate,start_time,duration',
  'frame=media_type,pts_time,key_frame',
].join(':');

/**
 * Enough of the start to reach both tracks, which alternate second by second, and everything from the last
 * key frame on.
 */
function startAndEnd({ seconds, keys }: Promised): string {
  const end = Math.max(keys[1] / frameRate, seconds - 0.1);
  return `%+1.2,${end.toFixed(3)}%`;
}

type Seen = {
  format: { duration: string };
  streams: Record<string, string | number>[];
  chapters: unknown[];
  frames: { media_type: string; pts_time: string; key_frame: number }[];
};

function faultsOf(seen: Seen, promised: Promised): string[] {
  const { width, height, seconds, frames } = promised;
  const faults: string[] = [];
  const expect = (what: string, is: unknown, should: unknown) => {
    if (String(is) !== String(should)) faults.push(`${what} is ${is}, not ${should}`);
  };
  const near = (what: string, is: unknown, should: number, slack = lengthSlack) => {
    const off = Math.abs(Number(is) - should);
    if (!(off <= slack)) faults.push(`${what} is ${is}, not ${should}`);
  };
  const [video = {}, audio = {}, captions] = seen.streams;
  expect('number of streams', seen.streams.length, promised.hasCaptions ? 3 : 2);
  expect('number of chapters', seen.chapters.length, 0);
  expect('video', [video.codec_name, video.profile, video.pix_fmt], ['h264', 'High', 'yuv420p']);
  expect('picture', [video.width, video.height], [width, height]);
  expect('colour', [video.color_space, video.color_range], ['bt709', 'tv']);
  expect('frame rate', video.avg_frame_rate, '25/1');
  expect('number of frames', video.nb_frames, frames);
  expect('audio', [audio.codec_name, audio.profile, audio.channels], ['aac', 'LC', 2]);
  if (promised.hasCaptions) expect('captions', captions?.codec_name, 'mov_text');
  near('length', seen.format.duration, seconds);
  // Less than half a frame of sound still gets one frame.
  const slack = frames === 1 ? lengthSlack : tracksSlack;
  near('sound beside the picture', audio.duration, Number(video.duration), slack);
  near('start of the picture', video.start_time, 0, 0);
  near('start of the sound', audio.start_time, 0, syncSlack);
  for (const type of ['video', 'audio']) {
    const times = seen.frames.filter((f) => f.media_type === type).map((f) => Number(f.pts_time));
    near(`first ${type} frame`, times[0], 0);
    near(`last ${type} frame`, times.at(-1), Math.max(0, seconds - 0.03));
  }
  const keys = seen.frames
    .filter((f) => f.media_type === 'video' && f.key_frame === 1)
    .map((f) => Math.round(Number(f.pts_time) * frameRate));
  expect('key frames', [keys[0], keys.at(-1)], promised.keys);
  return faults;
}

/** What ffprobe does not report: where the boxes are. */
async function faultsOfBoxes(path: string, promised: Promised): Promise<string[]> {
  const file = await open(path);
  try {
    const faults: string[] = [];
    const boxes: FileBox[] = [];
    for await (const one of fileBoxes(file)) boxes.push(one);
    const order = boxes.map(({ type }) => type).join(' ');
    if (!/^ftyp moov mdat( free)?$/.test(order)) faults.push('its index is not in front');
    const { size } = await file.stat();
    if (size < promised.leastBytes) faults.push(`it has only ${size} bytes`);
    const moov = boxes.find(({ type }) => type === 'moov');
    if (!moov) return faults;
    const { buffer } = await file.read(
      Buffer.alloc(moov.length - 8),
      0,
      moov.length - 8,
      moov.at + 8,
    );
    const edited = boxesIn(buffer)
      .filter(({ type, body }) => type === 'trak' && boxAt(body, 'edts'))
      .map(({ body }) => boxAt(body, 'mdia', 'hdlr')?.toString('latin1', 8, 12));
    const wanted = promised.editLists ? 'soun' : '';
    if (edited.join() !== wanted) faults.push(`edit lists are on "${edited}", not "${wanted}"`);
    return faults;
  } finally {
    await file.close();
  }
}
