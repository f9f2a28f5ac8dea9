import { execFile } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { promisify } from 'node:util';

/** The machine on which the numbers were measured. */
export async function describeMachine(): Promise<Record<string, string>> {
  const ffmpeg = await promisify(execFile)('ffmpeg', ['-version']).catch(() => ({
    stdout: 'ffmpeg unknown',
  }));
  return {
    date: new Date().toISOString(),
    processor: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${process.platform} ${release()}`,
    node: `Node.js ${process.version}`,
    ffmpeg: ffmpeg.stdout.split(' Copyright')[0] ?? '',
  };
}
