import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MediaError, machineError } from './errors.ts';
import { command, runFfmpeg } from './ffmpeg.ts';
import { type Frame, fitPicture, writePoster } from './picture.ts';
import { type AudioFacts, probeAudio, untrusted } from './probe.ts';

export { MediaError, RenderError } from './errors.ts';

/** The container that the bytes of the audio file were recognised as; it names the demuxer. */
export type AudioType = 'mp3' | 'wav' | 'm4a' | 'ogg';

export type MakeVideoOptions = {
  imagePath: string;
  audioPath: string;
  audioType: AudioType;
  /** A private temporary folder, owned and removed by the caller. */
  dir: string;
  ffmpegPath: string;
  ffprobePath: string;
  /** Longer audio is a MediaError. */
  maxAudioSeconds: number;
  /** How many ffmpeg processes may run at once for this job. */
  threads: number;
  /** Abort kills every child at once and rejects with the signal's reason. */
  signal: AbortSignal;
  /** Gets the share of the audio that is done, 0 to 1; it never goes back. */
  onProgress(fraction: number): void;
};

export type MadeVideo = {
  videoPath: string;
  /** A JPEG of the fitted picture. */
  posterPath: string;
  width: number;
  height: number;
  /** Length of the decoded audio. */
  audioSeconds: number;
  videoBytes: number;
  /** SHA-256 of the video, hexadecimal. */
  sha256: string;
};

/**
 * Makes a video of one picture and one audio file, as long as the audio when it is decoded.
 * Throws MediaError when the caller's files are at fault, RenderError when this machine is.
 */
export async function makeVideo(o: MakeVideoOptions): Promise<MadeVideo> {
  const facts = await probeAudio(o);
  const frame = await fitPicture(o.imagePath);
  const posterPath = join(o.dir, 'poster.jpg');
  await writePoster(frame, posterPath);
  const audio = await encodeAudio(o, facts);
  const videoPath = join(o.dir, 'video.mp4');
  await encodeVideo(o, frame, audio, videoPath);
  return {
    videoPath,
    posterPath,
    width: frame.width,
    height: frame.height,
    audioSeconds: audio.seconds,
    videoBytes: (await stat(videoPath)).size,
    sha256: await hashFile(videoPath),
  };
}

async function encodeAudio(o: MakeVideoOptions, facts: AudioFacts) {
  const path = join(o.dir, 'audio.m4a');
  const rate = facts.sampleRate % 11_025 === 0 ? 44_100 : 48_000;
  let seconds = 0;
  const { code, stderr } = await runFfmpeg(
    command()
      .input(o.audioPath)
      .inputOptions(untrusted(o.audioType))
      .output(path)
      .outputOptions(['-map', '0:a:0', '-map_metadata', '-1', '-map_chapters', '-1'])
      .outputOptions([
        '-c:a',
        'aac',
        '-aac_coder',
        'fast',
        '-b:a',
        '192k',
        '-t',
        `${o.maxAudioSeconds + 1}`,
      ])
      .audioFilters([
        facts.channels === 1 ? 'pan=stereo|c0=c0|c1=c0' : 'aformat=channel_layouts=stereo',
        `aresample=${rate}`,
        'asetpts=N/SR/TB',
      ]),
    {
      ffmpegPath: o.ffmpegPath,
      signal: o.signal,
      limitSeconds: 60 + o.maxAudioSeconds,
      onSeconds: (done) => {
        seconds = Math.max(seconds, done);
        o.onProgress(Math.min(1, seconds / facts.seconds || 0));
      },
    },
  );
  if (code !== 0 && /No space left/.test(stderr)) throw machineError(stderr);
  if (seconds === 0) throw new MediaError('The audio file holds no sound. Upload another one.');
  if (seconds > o.maxAudioSeconds) {
    throw new MediaError(
      `The audio is longer than ${o.maxAudioSeconds / 60} minutes. Upload a shorter one.`,
    );
  }
  return { path, seconds };
}

async function encodeVideo(
  o: MakeVideoOptions,
  frame: Frame,
  audio: { path: string; seconds: number },
  path: string,
) {
  const { code, stderr } = await runFfmpeg(
    command()
      .input('pipe:0')
      .inputOptions(['-f', 'rawvideo', '-pixel_format', 'rgb24', '-framerate', '25'])
      .inputOptions(['-video_size', `${frame.width}x${frame.height}`])
      .input(audio.path)
      .output(path)
      .videoFilters([
        'loop=-1:1',
        'scale=in_range=pc:out_range=tv:out_color_matrix=bt709:flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp',
        'format=yuv420p',
      ])
      .outputOptions(['-map', '0:v:0', '-map', '1:a:0', '-t', `${audio.seconds}`, '-c:a', 'copy'])
      .outputOptions([
        '-c:v',
        'libx264',
        '-preset',
        'superfast',
        '-profile:v',
        'high',
        '-crf',
        '18',
      ])
      .outputOptions(['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'])
      .outputOptions(['-color_range', 'tv', '-movflags', '+faststart']),
    {
      ffmpegPath: o.ffmpegPath,
      signal: o.signal,
      limitSeconds: 60 + 4 * audio.seconds,
      stdin: frame.rgb,
    },
  );
  if (code !== 0) throw machineError(stderr);
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
