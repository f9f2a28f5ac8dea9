import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hasEnded } from '../../../src/jobs/job_state.ts';
import { eventsOf } from '../../support/event_stream.ts';
import type { Random } from '../../support/random.ts';
import type { JobStatus, Key } from '../../support/service.ts';
import { tinyInputs } from '../../support/tiny_inputs.ts';
import type { Process } from '../fleet.ts';
import type { Accepted, Ledger } from '../random/customer.ts';
import type { Host, Place } from '../random/host.ts';
import { wrongVideo } from '../random/videos.ts';

/** Streams of progress, each opened on another API process than the job was submitted to. */
export type Streams = { opened: number; told: number; broken: number };

type Answer = { jobId: string; code: string };

export type CustomerOptions = {
  host: Host;
  key: Key;
  jobs: number;
  random: Random;
  ledger: Ledger;
  streams: Streams;
  /** Processes that were stopped or killed: a request may break off with one of them. */
  harmed: Set<Process>;
  tmp: string;
};

/**
 * Uses another API process for each step: submits (twice at once, so that one is refused),
 * watches a stream, fetches the video. A step that a process's end cuts off is repeated elsewhere.
 */
export async function customerAcross(o: CustomerOptions): Promise<void> {
  const { host, key, random, ledger, streams, harmed } = o;
  const mine: Accepted[] = [];
  const elsewhere = (place?: Place) => random.pick(host.webs.filter((web) => web !== place));
  const ip = () => Math.floor(random.between(0, 256));
  const fault = (text: string) => void ledger.violations.push(`key ${key.name}: ${text}`);

  /** Undefined when the process was away or about to stop. */
  async function ask(place: Place, path: string, init: RequestInit = {}) {
    const { process } = place;
    ledger.requests += 1;
    const headers = { 'X-API-Key': key.apiKey, 'X-Test-Ip': `10.1.${ip()}.${ip()}` };
    try {
      return await fetch(place.url + path, { ...init, headers: { ...headers, ...init.headers } });
    } catch (error) {
      const { code } = ((error as Error).cause ?? error) as { code?: string };
      // Refused connections: the replacement does not listen yet.
      if (code !== 'ECONNREFUSED' && !harmed.has(process)) fault(`${path} broke off: ${code}`);
      await delay(100);
      return undefined;
    }
  }

  /** Asks until it knows whether the job exists; undefined when another job was active. */
  async function submit(inputs: number, first: Place): Promise<[Accepted, Place] | undefined> {
    const { image, audio } = await tinyInputs(inputs);
    const idempotencyKey = randomUUID();
    for (let place = first; ; place = elsewhere(place)) {
      const body = new FormData();
      body.append('image', image);
      body.append('audio', audio);
      const headers = { 'Idempotency-Key': idempotencyKey };
      const response = await ask(place, '/api/jobs', { method: 'POST', body, headers });
      const answer = (await response?.json().catch(() => undefined)) as Answer | undefined;
      if (response?.status === 201 && answer) {
        const rest = { hasWebhook: false, end: null, cancelled: false };
        const job = { jobId: answer.jobId, key, inputs, ...rest };
        mine.push(job);
        ledger.accepted.push(job);
        return [job, place];
      }
      if (response?.status === 409 && answer) {
        ledger.refused += 1;
        return undefined;
      }
      if (answer && answer.code !== 'upload_lost') fault(`a submission got ${response?.status}`);
    }
  }

  /** The last event of a stream; undefined when it broke off. */
  async function lastEvent(jobId: string, place: Place): Promise<JobStatus | undefined> {
    const { process } = place;
    const response = await ask(place, `/api/jobs/${jobId}/events`);
    if (!response) return undefined;
    streams.opened += 1;
    let last: JobStatus | undefined;
    try {
      for await (const { data } of eventsOf(response)) last = data;
    } catch {
      // Reported below.
    }
    if (last && hasEnded(last.status)) {
      streams.told += 1;
      return last;
    }
    streams.broken += 1;
    if (!harmed.has(process)) fault(`a stream of job ${jobId} ended at ${last?.status}`);
    return undefined;
  }

  async function follow(job: Accepted, submittedTo: Place): Promise<void> {
    let end: JobStatus | undefined;
    while (!end) end = await lastEvent(job.jobId, elsewhere(submittedTo));
    job.end = end.status;
    if (end.status !== 'COMPLETED') return fault(`job ${job.jobId} is ${end.status}`);
    const path = join(o.tmp, `${job.jobId}.mp4`);
    for (;;) {
      const response = await ask(elsewhere(submittedTo), new URL(String(end.outputVideo)).pathname);
      const bytes = await response?.arrayBuffer().catch(() => undefined);
      if (!response || !bytes) continue;
      if (response.status !== 200) return fault(`a video was answered with ${response.status}`);
      await writeFile(path, new Uint8Array(bytes));
      break;
    }
    const wrong = await wrongVideo(path, job.inputs ?? 0);
    if (wrong) fault(`job ${job.jobId}: ${wrong}`);
    await rm(path);
  }

  while (mine.length < o.jobs) {
    const one = random.pick(host.webs);
    const number = () => Math.floor(random.between(0, 2_500));
    const pair = [submit(number(), one), submit(number(), elsewhere(one))];
    const jobs = (await Promise.all(pair)).filter((job) => job !== undefined);
    await Promise.all(jobs.map(([job, place]) => follow(job, place)));
  }
}
