import { RenderError } from '../errors.ts';
import { runChild } from '../ffmpeg/child.ts';
import type { Machine } from '../machine.ts';
import { faultsOfFile } from './file_faults.ts';
import { partsDecoded } from './parts_decoded.ts';
import type { Promised } from './promised.ts';
import { entries, faultsOfStreams, type Seen } from './stream_faults.ts';

type Prover = Pick<Machine, 'ffprobePath' | 'box' | 'dir' | 'signal'>;

/**
 * Proves that the file is the promised video: its streams, their lengths, its key frames, its index in front, and
 * that its first and last parts decode without an error. Throws RenderError when it is not.
 */
export async function proveVideo(machine: Prover, path: string, promised: Promised): Promise<void> {
  const { seen, faults } = await lookAt(machine, path, promised);
  if (seen) faults.push(...faultsOfStreams(seen, promised));
  faults.push(...(await faultsOfFile(path, promised)));
  if (faults.length > 0) {
    throw new RenderError('The server made a faulty video.', `${path}: ${faults.join('; ')}`);
  }
}

/** What ffprobe sees of the streams and in the parts that it decodes, and what it complains of. */
export async function lookAt(machine: Prover, path: string, promised: Promised) {
  const { code, stdout, stderr } = await runChild({
    ...machine,
    program: machine.ffprobePath,
    args: [
      ...['-v', 'error', '-f', 'mp4', '-protocol_whitelist', 'file', '-of', 'json'],
      ...['-show_chapters', '-show_entries', entries],
      ...['-read_intervals', partsDecoded(promised).map(intervalOf).join(), path],
    ],
    limitMs: 60_000,
  });
  const faults = stderr ? [stderr] : [];
  if (code !== 0) faults.push(`ffprobe ended with ${code}`);
  return { seen: code === 0 ? (JSON.parse(stdout.toString()) as Seen) : undefined, faults };
}

/** Without a start ffprobe seeks nothing, and so leaves no packet out. */
const intervalOf = ({ from, to }: { from: number; to: number }): string =>
  `${from > 0 ? from.toFixed(3) : ''}%${to.toFixed(3)}`;
