import { join } from 'node:path';
import type { AudioType, ImageType } from '../../src/media_type.ts';
import type { StillVideo } from './codec/h264.ts';
import { MediaError, machineError, RenderError } from './errors.ts';
import type { Machine } from './machine.ts';
import { framesFor } from './mp4/plan.ts';
import type { AacAudio } from './mp4/read.ts';
import { writeMp4 } from './mp4/write.ts';
import { PLAIN_CANVAS } from './picture/canvas.ts';
import { composeFrame, writePoster } from './picture/compose_frame.ts';
import { encodeStill, stillTrack } from './picture/still_track.ts';
import { proveVideo } from './prove.ts';
import { probeAudio } from './sound/probe.ts';
import { copyAudio, encodeAudio } from './sound/sound.ts';
import { together } from './together.ts';

export { MediaError, RenderError } from './errors.ts';

export type MakeVideoOptions = Machine & {
  imagePath: string;
  /** What their bytes were recognised as: they name decoder and demuxer, which are not to guess. */
  imageType: ImageType;
  audioPath: string;
  audioType: AudioType;
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
      const frame = await composeFrame(o.imagePath, o.imageType, PLAIN_CANVAS);
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
  const source = { path: o.audioPath, type: o.audioType };
  const encode = async () => {
    const facts = await probeAudio(o, source);
    refuseLonger(o, facts.seconds);
    report(PROBING_SHARE);
    const encodingShare = 1 - PROBING_SHARE - WRITING_SHARE;
    return encodeAudio(o, source, facts, (done) => report(PROBING_SHARE + encodingShare * done));
  };
  const copied = await copyAudio(source);
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
  const { sha256 } = await writeMp4(
    videoPath,
    stillTrack(still, framesFor(audio)),
    audio,
    o.signal,
    (done) => report(1 - WRITING_SHARE * (1 - done)),
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
