import { Counter, Gauge, Histogram } from 'prom-client';
import { registry } from './registry.ts';

// What this process has counted since it started: add up the processes.
const registers = [registry];

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const longSeconds = [0.1, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800];

export const requestSeconds = new Histogram({
  name: 'vidgen_http_request_seconds',
  help: 'Requests by route, method and status: from the first byte to the headers of the answer.',
  labelNames: ['method', 'route', 'status'] as const,
  buckets: seconds,
  registers,
});

export const uploadBytes = new Counter({
  name: 'vidgen_upload_bytes_total',
  help: 'Bytes of the bodies that callers send, refused submissions included.',
  registers,
});

export const liveStreams = new Gauge({
  name: 'vidgen_watched_jobs',
  help: 'Jobs that callers of this process are watching, by event streams and long polls.',
  registers,
});

export const statementsRunning = new Gauge({
  name: 'vidgen_database_statements',
  help: 'Statements that are running, or waiting for one of the DATABASE_POOL_SIZE connections, by pool.',
  labelNames: ['pool'] as const,
  registers,
});

export const waitSeconds = new Histogram({
  name: 'vidgen_job_wait_seconds',
  help: 'From the submission of a job to its first attempt, by task: render, or render_moving for motion and waveforms.',
  labelNames: ['task'] as const,
  buckets: longSeconds,
  registers,
});

export const renderSeconds = new Histogram({
  name: 'vidgen_render_seconds',
  help: 'Attempts by task and outcome: completed, failed (the input), handed_back (this machine) or overtaken (cancelled, as a rule).',
  labelNames: ['task', 'outcome'] as const,
  buckets: longSeconds,
  registers,
});

export const realTimeFactor = new Histogram({
  name: 'vidgen_real_time_factor',
  help: 'Seconds of audio per second of rendering, for completed jobs, by task.',
  labelNames: ['task'] as const,
  buckets: [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500],
  registers,
});

export const fetches = new Counter({
  name: 'vidgen_fetches_total',
  help: 'Tries to fetch a file from an address that a caller gave, by outcome: fetched, failed (for good) or passing (worth another try).',
  labelNames: ['outcome'] as const,
  registers,
});

export const deliveries = new Counter({
  name: 'vidgen_webhook_deliveries_total',
  help: 'Attempts to deliver a webhook, by outcome: delivered, or the class of the error.',
  labelNames: ['outcome'] as const,
  registers,
});
