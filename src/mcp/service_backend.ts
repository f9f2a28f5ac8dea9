import { hasEnded } from '../jobs/job_state.ts';
import { type Snapshot, snapshotOf, type Watch } from '../jobs/job_watch.ts';
import { isAddress } from '../outbound/source_url.ts';
import type { Backend, Job, ListedJob, Waiting } from './backend.ts';
import { isText } from './inputs.ts';
import type { OwnApi } from './own_api.ts';

/** Makes the videos as jobs of this service. */
export function serviceBackend(
  api: OwnApi,
  follow: (jobId: string, first: Snapshot) => Watch,
): Backend {
  const pathOf = (jobId: string) => `/api/jobs/${encodeURIComponent(jobId)}`;

  async function get(jobId: string, waiting: Waiting) {
    if (waiting.seconds > 0) await ended(jobId, waiting);
    return { job: await api<Job>('GET', pathOf(jobId)) };
  }

  /** Follows the job until it has ended or the time is up. */
  async function ended(jobId: string, { seconds, signal, onProgress }: Waiting): Promise<void> {
    const status = await api('GET', `/api/status/${encodeURIComponent(jobId)}`);
    let latest = snapshotOf(JSON.stringify(status));
    const until = performance.now() + seconds * 1_000;
    const watch = follow(jobId, latest);
    try {
      while (!hasEnded(latest.status)) {
        const { progress } = JSON.parse(latest.body) as { progress: number };
        onProgress(progress, latest.status);
        const left = until - performance.now();
        const next = left > 0 ? await watch.next(left, signal) : undefined;
        if (!next) return;
        latest = next;
      }
    } finally {
      watch.close();
    }
  }

  return {
    hasPaths: false,
    async makeVideo({ image, audio, captions, ...options }, waiting) {
      for (const [name, address] of Object.entries({ image, audio }))
        if (!isAddress(address)) throw new Error(notAddress(name));
      if (captions && !isAddress(captions) && !isText(captions))
        throw new Error(notAddress('captions'));
      const { jobId } = await api<{ jobId: string }>('POST', '/api/jobs', {
        ...{ imageUrl: image, audioUrl: audio, ...options },
        ...(captions && { [isAddress(captions) ? 'captionsUrl' : 'captions']: captions }),
      });
      return get(jobId, waiting);
    },
    jobs: {
      get,
      list: ({ limit, cursor, status }) => {
        const given = Object.entries({ limit, cursor, status }).filter(([, value]) => value);
        const query = new URLSearchParams(
          Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
        );
        return api<{ jobs: ListedJob[]; pagination: { nextCursor: string | null } }>(
          'GET',
          `/api/jobs?${query}`,
        );
      },
    },
  };
}

const notAddress = (name: string) =>
  `${name} must be an http(s) address: this server cannot read files of your machine. "vidgen mcp" can, and sends them here.`;
