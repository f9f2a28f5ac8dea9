import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { OperatorError } from '../src/operator_error.ts';

type Ffmpeg = { ffmpegPath: string; ffprobePath: string };
type Probed = {
  streams: {
    codec_name: string;
    width?: number;
    height?: number;
    pix_fmt?: string;
    duration: string;
  }[];
  format: { duration: string };
};

export type Verdict = {
  faults: string[];
  width: number;
  height: number;
  videoSeconds: number;
  /** Length of the decoded audio file, because headers may be wrong. */
  audioSeconds: number;
};

/** Probes a video independently, and compares it with its audio. */
export async function judge(
  { ffmpegPath, ffprobePath }: Ffmpeg,
  video: string,
  audio: string,
): Promise<Verdict> {
  const options = ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', video];
  const probed = await promisify(execFile)(ffprobePath, options).catch((error: Error) => {
    throw new OperatorError(`${video} cannot be checked: ${error.message}`);
  });
  const { streams, format } = JSON.parse(probed.stdout) as Probed;
  const audioSeconds = await decodedSeconds(ffmpegPath, audio);
  const videoSeconds = Number(format.duration);
  const picture = streams.find((stream) => stream.codec_name === 'h264');
  const faults: string[] = [];
  if (streams.length !== 2 || !picture || !streams.some((stream) => stream.codec_name === 'aac')) {
    faults.push('There must be one H.264 and one AAC stream and nothing else.');
  }
  if (picture?.pix_fmt !== 'yuv420p') faults.push('The picture must be yuv420p.');
  if (Math.abs(videoSeconds - audioSeconds) > 0.04) {
    faults.push(`It is ${videoSeconds.toFixed(3)} s long, the audio ${audioSeconds.toFixed(3)} s.`);
  }
  return {
    faults,
    width: picture?.width ?? 0,
    height: picture?.height ?? 0,
    videoSeconds,
    audioSeconds,
  };
}

async function decodedSeconds(ffmpegPath: string, audio: string): Promise<number> {
  const rate = 48_000;
  const decoder = spawn(
    ffmpegPath,
    [
      ...['-v', 'error', '-nostdin', '-i', audio, '-map', '0:a:0'],
      ...['-ac', '1', '-ar', `${rate}`, '-f', 's16le', '-'],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let bytes = 0;
  for await (const piece of decoder.stdout) bytes += (piece as Buffer).length;
  return bytes / 2 / rate;
}
