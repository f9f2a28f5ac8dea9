import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { hasEnded } from '../../../src/jobs/job_state.ts';
import type { Random } from '../../support/random.ts';
import type { Key } from '../../support/service.ts';
import { tinyInputs } from '../../support/tiny_inputs.ts';
import type { Host } from './host.ts';

/** A job that was accepted (201), as its customer knows it. */
export type Accepted = {
  jobId: string;
  key: Key;
  /** The number of its inputs; null means audio that cannot be decoded. */
  inputs: number | null;
  hasWebhook: boolean;
  /** The last status seen, if it is final. */
  end: string | null;
  cancelled: boolean;
};

export type Ledger = {
  accepted: Accepted[];
  violations: string[];
  requests: number;
  refused: number;
  /** The last request and answer, by API key. */
  lastAnswers: Record<string, string>;
};

export const emptyLedger = (): Ledger => ({
  ...{ accepted: [], violations: [], requests: 0, refused: 0, lastAnswers: {} },
});

type Answer = { status: number; body: Record<string, unknown> };

/** Submits one job after another and watches each to its end; sometimes cancels, lists or streams. */
export async function customer(o: {
  host: Host;
  key: Key;
  random: Random;
  ledger: Ledger;
  hook: string;
  over: () => boolean;
}): Promise<void> {
  const { host, key, random, ledger, hook, over } = o;

  /** Null when the process did not answer or could not reach its database. Any other odd answer is a violation. */
  async function ask(
    path: string,
    init: RequestInit = {},
    allowed = [200],
  ): Promise<Answer | null> {
    ledger.requests += 1;
    const question = `${init.method ?? 'GET'} ${path}`;
    const note = (told: string) => {
      ledger.lastAnswers[key.name] = `${question}: ${told}`;
    };
    let answer: Answer;
    try {
      const response = await fetch(random.pick(host.webs).url + path, {
        ...init,
        headers: { 'X-API-Key': key.apiKey, 'X-Test-Ip': `10.1.${ip()}.${ip()}`, ...init.headers },
        signal: AbortSignal.timeout(25_000),
      });
      answer = { status: response.status, body: (await response.json()) as Answer['body'] };
    } catch (error) {
      note(String(error));
      return null;
    }
    note(`${answer.status} ${JSON.stringify(answer.body)}`);
    if (allowed.includes(answer.status)) return answer;
    if (
      answer.status === 500 &&
      ['database_unavailable', 'upload_lost'].includes(String(answer.body.code))
    ) {
      ledger.refused += 1;
      return null;
    }
    ledger.violations.push(`${question}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return null;
  }
  const ip = () => Math.floor(random.between(0, 256));

  /** Asks until it knows whether the job exists; the Idempotency-Key makes that safe. */
  async function submit(): Promise<Accepted> {
    const isBad = random.chance(0.1);
    const inputs = Math.floor(random.between(0, 2_500));
    const { image, audio } = await tinyInputs(inputs);
    const hasWebhook = random.chance(0.7);
    const idempotencyKey = randomUUID();
    for (;;) {
      const form = new FormData();
      form.append('image', image, 'picture.png');
      form.append('audio', isBad ? audio.slice(0, 44) : audio, 'sound.wav');
      if (hasWebhook) form.append('webhookUrl', hook);
      const init = { method: 'POST', body: form, headers: { 'Idempotency-Key': idempotencyKey } };
      const answer = await ask('/api/jobs', init, [201, 409]);
      if (answer?.status === 201) {
        const jobId = String(answer.body.jobId);
        return {
          jobId,
          key,
          inputs: isBad ? null : inputs,
          hasWebhook,
          end: null,
          cancelled: false,
        };
      }
      await delay(random.between(100, 400));
    }
  }

  async function cancel(job: Accepted): Promise<void> {
    const answer = await ask(`/api/jobs/${job.jobId}`, { method: 'DELETE' }, [200, 409]);
    if (answer?.status === 200) job.cancelled = true;
  }

  async function stream(job: Accepted): Promise<void> {
    try {
      const response = await fetch(`${random.pick(host.webs).url}/api/jobs/${job.jobId}/events`, {
        headers: { 'X-API-Key': key.apiKey, 'X-Test-Ip': '10.2.0.1' },
        signal: AbortSignal.timeout(5_000),
      });
      await response.text();
    } catch {
      // A stream breaks off with its process; the next step reads the status.
    }
  }

  async function watch(job: Accepted): Promise<void> {
    for (;;) {
      const answer = await ask(`/api/status/${job.jobId}`);
      const status = String(answer?.body.status);
      if (answer && hasEnded(status)) {
        job.end = status;
        return;
      }
      await delay(random.between(50, 300));
    }
  }

  while (!over()) {
    const job = await submit();
    ledger.accepted.push(job);
    if (random.chance(0.15)) await cancel(job);
    if (random.chance(0.2)) await stream(job);
    if (random.chance(0.1)) await ask('/api/jobs?limit=5');
    await watch(job);
    await delay(random.between(0, 300));
  }
}
