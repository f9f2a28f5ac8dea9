import { frameRate } from '../picture/picture_track.ts';
import { partsDecoded } from './parts_decoded.ts';
import type { Promised } from './promised.ts';

const lengthSlack = 0.04;
/** Half a frame, which is how closely frames can match a length, plus the coarseness of clocks. */
const tracksSlack = 0.021;
const syncSlack = 0.005;
/** A frame of either kind, by which the last one begins before the end. */
const lastFrameSeconds = 0.03;

/** What ffprobe is asked for. */
export const entries = [
  'format=duration',
  'stream=codec_name,profile,pix_fmt,width,height,color_space,color_range,avg_frame_rate,nb_frames,channels,sample_rate,start_time,duration',
  'frame=media_type,pts_time,key_frame',
].join(':');

export type Seen = {
  format: { duration: string };
  streams: Record<string, string | number>[];
  chapters: unknown[];
  frames: { media_type: string; pts_time: string; key_frame: number }[];
};

export function faultsOfStreams(seen: Seen, promised: Promised): string[] {
  const { width, height, seconds, frames } = promised;
  const reached = Math.min(seconds, partsDecoded(promised).at(-1)?.reaches ?? 0);
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
    const last = times.at(-1) ?? -1;
    if (last < reached - lastFrameSeconds - lengthSlack || last > seconds + lengthSlack)
      faults.push(`last ${type} frame is ${last}, not ${reached}`);
  }
  const keys = seen.frames
    .filter((f) => f.media_type === 'video' && f.key_frame === 1)
    .map((f) => Math.round(Number(f.pts_time) * frameRate));
  expect('key frames', [keys[0], keys.at(-1)], promised.keys);
  return faults;
}
