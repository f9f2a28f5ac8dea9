import { join } from 'node:path';
import type { AudioType } from '../../src/upload/media_type.ts';
import { copyAudio, encodeAudio } from './audio.ts';
import { MediaError, machineError, RenderError } from './errors.ts';
import type { StillVideo } from './h264.ts';
import type { AacAudio } from './mp4_read.ts';
import { writeMp4 } from './mp4_write.ts';
import { fitPicture, writePoster } from './picture.ts';
import { probeAudio } from './probe.ts';
import { proveVideo } from './prove.ts';
import { encodeStill } from './still_video.ts';
import { together } from './together.ts';

export { MediaError, RenderError } from './errors.ts';

export type MakeVideoOptions = {
  imagePath: string;
  audioPath: string;
  /** What its bytes were recognised as: it names the demuxer, ffmpeg is not to guess. */
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
  /** SHA-256 of the video, hexadecimal. */
  sha256: string;
};

/** What comes before and after the encoding, as shares of the work on long audio. */
const PROBING_SHARE = 0.05;
const WRITING_SHARE = 0.03;
const GRACE_SECONDS = 1;

/**
 * Makes a video of one picture and one audio file, as long as the audio when it is decoded.
 * Throws MediaError when the caller's files are at fault, RenderError when this machine is.
 */
export async function makeVideo(o: MakeVideoOptions): Promise<MadeVideo> {
  try {
    return await make(o);
  } catch (error) {
    o.signal.throwIfAborted();
    if (error instanceof MediaError || error instanceof RenderError) throw error;
    throw machineError(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

async function make(o: MakeVideoOptions): Promise<MadeVideo> {
  const report = neverBack(o.onProgress);
  const posterPath = join(o.dir, 'poster.jpg');
  const [still, sound] = await together(
    o.signal,
    async (signal) => {
      const frame = await fitPicture(o.imagePath);
      const [encoded] = await together(
        signal,
        (both) => encodeStill({ ...o, signal: both }, frame),
        () => writePoster(frame, posterPath),
      );
      return encoded;
    },
    (signal) => prepareAudio({ ...o, signal }, report),
  );
  const made = (audio: AacAudio) => assemble(o, still, audio, report);
  const video = await made(sound.audio).catch(async (error) => {
    // What was only copied may be damaged inside: then it is worth decoding after all.
    if (!sound.copied || !(error instanceof RenderError)) throw error;
    return made(await sound.encode());
  });
  return { ...video, posterPath };
}

async function prepareAudio(o: MakeVideoOptions, report: (fraction: number) => void) {
  const encode = async () => {
    const facts = await probeAudio(o);
    refuseLonger(o, facts.seconds);
    report(PROBING_SHARE);
    const encodingShare = 1 - PROBING_SHARE - WRITING_SHARE;
    return encodeAudio(o, facts, (done) => report(PROBING_SHARE + encodingShare * done));
  };
  const copied = await copyAudio(o);
  const audio = copied ?? (await encode());
  refuseLonger(o, audio.samples / audio.sampleRate);
  return { audio, copied: copied !== undefined, encode };
}

/** Writes the video and proves it. */
async function assemble(
  o: MakeVideoOptions,
  still: StillVideo,
  audio: AacAudio,
  report: (fraction: number) => void,
) {
  const videoPath = join(o.dir, 'video.mp4');
  const { width, height } = still;
  const seconds = audio.samples / audio.sampleRate;
  const { sha256 } = await writeMp4(videoPath, still, audio, o.signal, (done) =>
    report(1 - WRITING_SHARE * (1 - done)),
  );
  await proveVideo(o, videoPath, { width, height, seconds });
  return { videoPath, width, height, audioSeconds: seconds, sha256 };
}

/** With a second's grace: encoders pad what they are given. */
function refuseLonger(o: MakeVideoOptions, seconds: number) {
  if (seconds >= o.maxAudioSeconds + GRACE_SECONDS) {
    const minutes = Number((o.maxAudioSeconds / 60).toFixed(2));
    throw new MediaError(`The audio is longer than ${minutes} minutes. Upload a shorter one.`);
  }
}

/** Tells each new high, so that progress never goes back. */
function neverBack(tell: (fraction: number) => void): (fraction: number) => void {
  let highest = 0;
  return (fraction) => {
    const capped = Math.min(1, fraction);
    if (!(capped > highest)) return;
    highest = capped;
    tell(capped);
  };
}
