import { createWriteStream, openAsBlob } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { OperatorError } from '../src/operator_error.ts';

type Status = {
  status: string;
  progress: number;
  outputVideo: string;
  outputShareLink: string;
  errorMessage: string;
};

type Seen = {
  checks: { rule: string; wanted: string; is: string; ok: boolean }[];
  warnings: string[];
};

export type DemoVideo = Seen & { jobId: string; file: string; shareLink: string; seconds: number };

/** What any client would do: submit, watch, download. Throws a sentence when the job fails. */
export async function demoClient(o: {
  publicUrl: string;
  apiKey: string;
  image: string;
  audio: string;
  folder: string;
  /** Options, as fields of the form. */
  fields: Record<string, string>;
}): Promise<DemoVideo> {
  const began = performance.now();
  const headers = { 'X-API-Key': o.apiKey };
  const form = new FormData();
  form.append('image', await openAsBlob(o.image), basename(o.image));
  form.append('audio', await openAsBlob(o.audio), basename(o.audio));
  for (const [name, value] of Object.entries(o.fields)) form.append(name, value);
  const { jobId } = await answer<{ jobId: string }>(
    await fetch(`${o.publicUrl}/api/jobs`, { method: 'POST', headers, body: form }),
  );
  for (;;) {
    const job = await answer<Status>(
      await fetch(`${o.publicUrl}/api/status/${jobId}`, { headers }),
    );
    showProgress(job);
    if (job.status === 'COMPLETED') {
      const seconds = (performance.now() - began) / 1000;
      const file = join(o.folder, `${jobId}.mp4`);
      const video = await fetch(job.outputVideo);
      if (!video.ok || !video.body)
        throw new OperatorError(`The video could not be fetched: ${video.status}.`);
      await pipeline(Readable.fromWeb(video.body), createWriteStream(file));
      const { checks, warnings } = await answer<Seen>(
        await fetch(`${o.publicUrl}/api/jobs/${jobId}`, { headers }),
      );
      return { jobId, file, shareLink: job.outputShareLink, seconds, checks, warnings };
    }
    if (job.status === 'FAILED' || job.status === 'CANCELLED') {
      throw new OperatorError(job.errorMessage ?? 'The job was cancelled.');
    }
    await delay(250);
  }
}

async function answer<Body>(response: Response): Promise<Body> {
  const body = (await response.json()) as Body & { error?: string };
  if (!response.ok)
    throw new OperatorError(body.error ?? `The service answered ${response.status}.`);
  return body;
}

let shown = '';
function showProgress({ status, progress }: Status): void {
  const width = 30;
  const full = Math.round((progress / 100) * width);
  const line = `${'█'.repeat(full)}${'░'.repeat(width - full)} ${String(progress).padStart(3)} %  ${status}`;
  if (line === shown) return;
  shown = line;
  const ended = status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELLED';
  // One living line on a terminal, plain lines where nobody can see it move.
  if (process.stdout.isTTY) process.stdout.write(`\r${line}\x1b[K${ended ? '\n' : ''}`);
  else console.log(line);
}
