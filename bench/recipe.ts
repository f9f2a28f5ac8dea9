import { execFile } from 'node:child_process';
import { setPriority } from 'node:os';
import { promisify } from 'node:util';
import { findFfmpeg } from '../worker/media/ffmpeg/find_ffmpeg.ts';

/** What makes our videos. */
export const { ffmpegPath, ffprobePath } = findFfmpeg(process.env.FFMPEG_PATH);
/** What everybody has. */
const system = findFfmpeg('ffmpeg');
const run = promisify(execFile);

/** The usual way: each frame of the looped picture is decoded, scaled and encoded. */
export async function usualRecipe(image: string, audio: string, video: string, seconds: number) {
  const fit =
    'scale=1920:1080:force_original_aspect_ratio=decrease:force_divisible_by=2,format=yuv420p';
  const length = ['-t', `${seconds}`];
  const inputs = ['-loop', '1', '-framerate', '25', '-i', image, ...length, '-i', audio];
  const encoders = ['-c:v', 'libx264', '-tune', 'stillimage', '-c:a', 'aac'];
  await ffmpeg(...inputs, '-vf', fit, ...encoders, ...length, '-shortest', video);
}

/** At the same priority as rendering, so that a busy machine slows both equally. */
export async function ffmpeg(...args: string[]) {
  const running = run(system.ffmpegPath, ['-nostdin', '-v', 'error', '-y', ...args]);
  if (running.child.pid !== undefined) setPriority(running.child.pid, 10);
  await running;
}

export async function videoBytes(path: string): Promise<number> {
  const packets = ['-select_streams', 'v:0', '-show_entries', 'packet=size', '-of', 'csv=p=0'];
  const { stdout } = await run(system.ffprobePath, ['-v', 'error', ...packets, path]);
  return stdout.split('\n').reduce((sum, line) => sum + (Number.parseInt(line, 10) || 0), 0);
}

/** How many key frames a video has, and how many bytes they take together. */
export async function keyFrameBytes(path: string): Promise<{ count: number; bytes: number }> {
  const packets = [
    '-select_streams',
    'v:0',
    '-show_entries',
    'packet=size,flags',
    '-of',
    'csv=p=0',
  ];
  const { stdout } = await run(system.ffprobePath, ['-v', 'error', ...packets, path]);
  const keys = [...stdout.matchAll(/^(\d+),K/gm)].map(([, size]) => Number(size));
  return { count: keys.length, bytes: keys.reduce((sum, size) => sum + size, 0) };
}
