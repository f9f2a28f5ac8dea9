import { availableParallelism } from 'node:os';
import * as z from 'zod';
import { sslModes } from '../postgres/address.ts';
import {
  cidrs,
  limit,
  origins,
  ownUrl,
  port,
  positive,
  postgresUrl,
  retrySchedule,
  secretsKeys,
  span,
  whole,
} from './kinds.ts';

const gibibyte = 1024 ** 3;

/** Every variable with its default; docs/settings.md explains them to operators. */
export const environment = z.object({
  PORT: port.default(3000),
  /** Unset: only this machine with the embedded PostgreSQL, else all addresses. */
  HOST: z.string().optional(),
  /** Unset: the embedded PostgreSQL in DATA_DIR. */
  DATABASE_URL: postgresUrl.optional(),
  /** For LISTEN, leases and the queue, when DATABASE_URL goes through a transaction pooler. */
  DATABASE_DIRECT_URL: postgresUrl.optional(),
  /** For migrate, roles and what operators do, when DATABASE_URL names a role with few rights. */
  DATABASE_OWNER_URL: postgresUrl.optional(),
  /** For an address without its own sslmode. */
  PGSSLMODE: z.enum(sslModes).optional(),
  DATABASE_POOL_SIZE: positive(5),
  DATA_DIR: z.string().default('.vidgen'),
  /** Where callers reach this service; the addresses of videos are built from it. */
  PUBLIC_URL: ownUrl.optional(),
  FFMPEG_PATH: z.string().optional(),
  CLIENT_IP_SOURCE: z
    .string()
    .regex(/^(socket|xff:[1-9]\d?|header:[\w-]+)$/, 'must be socket, xff:N or header:NAME')
    .default('socket'),
  /** Requests, and submissions among them, that one client may make per minute. */
  RATE_LIMIT_REQUESTS: positive(600),
  RATE_LIMIT_SUBMISSIONS: positive(30),
  RATE_LIMIT_REDELIVERIES: positive(60),
  /** Requests for videos, posters, captions and share pages that one client may make per minute. */
  RATE_LIMIT_PUBLIC: positive(6_000),
  /** Streams and waits that a web process holds open: of one API key, of one client, and in all. */
  MAX_STREAMS_PER_KEY: positive(20),
  MAX_STREAMS_PER_ADDRESS: positive(100),
  MAX_STREAMS: positive(5_000),
  RENDER_CONCURRENCY: positive(availableParallelism()),
  /** Jobs with motion or a waveform at a time; each of them uses all cores for long. */
  MOVING_CONCURRENCY: positive(1),
  /** Jobs whose files a worker fetches at the same time. */
  FETCH_CONCURRENCY: positive(8),
  /** Of a picture or an audio file, in MiB. */
  MAX_FILE_MB: whole(1, 2048).default(50),
  MAX_AUDIO_MINUTES: positive(180),
  /** Most pixels of a picture. One that must be decoded as a whole may take 3 bytes for each. */
  MAX_MEGAPIXELS: whole(1, 1000).default(100),
  /** How long files and rows stay after their job has ended; fractions are allowed. */
  KEEP_INPUTS_HOURS: span('hours', 876_000, 24),
  KEEP_VIDEOS_DAYS: span('days', 36_500, 30),
  KEEP_JOBS_DAYS: span('days', 36_500, 365),
  /** Above this, submissions are refused: of one key (413) or of all (500). */
  MAX_STORED_BYTES_PER_KEY: limit(20 * gibibyte),
  MAX_STORED_BYTES: limit(200 * gibibyte),
  /** Where new files go: into the database or a bucket. Both are read, as each file's row says. */
  BLOB_STORE: z.enum(['postgres', 's3']).default('postgres'),
  /** Any S3-compatible store; needed as long as it contains files, whatever BLOB_STORE says. */
  S3_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must be an absolute http(s) URL, without the bucket' })
    .optional(),
  S3_REGION: z.string().default('auto'),
  S3_BUCKET: z.string().optional(),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  /** Whether we serve videos ourselves or by an address of the bucket that lasts an hour. */
  S3_PUBLIC: z.enum(['proxy', 'presign']).default('proxy'),
  /** Seconds from one try of a webhook to the next, starting after the first. */
  WEBHOOK_RETRY_SCHEDULE: retrySchedule,
  /** Private ranges that webhooks may go to, and public ones that they may not go to. */
  WEBHOOK_ALLOW_CIDRS: cidrs(true),
  WEBHOOK_DENY_CIDRS: cidrs(false),
  /** Whether callers may give addresses instead of files. */
  FETCH_URLS: z.enum(['on', 'off']).default('on'),
  /** The same for files that are fetched. */
  FETCH_ALLOW_CIDRS: cidrs(true),
  FETCH_DENY_CIDRS: cidrs(false),
  WEBHOOK_PROXY_URL: z
    .url({ protocol: /^https?$/, error: 'must be like http://user:password@host:port' })
    .optional(),
  /** Lets the page open addresses that catch webhooks; unset: on with the embedded database. */
  WEBHOOK_CATCHER: z.enum(['on', 'off']).optional(),
  CORS_ORIGINS: origins,
  /** Seals webhook secrets at rest; further keys only open what they have sealed. */
  SECRETS_KEY: secretsKeys,
  /** Opens GET /metrics to clients that send it as a bearer token. */
  METRICS_TOKEN: z.string().optional(),
  /** The port on which a worker serves GET /metrics, /healthz and /readyz; a web process has PORT. */
  METRICS_PORT: port.optional(),
  /** How decoders are isolated from the rest of the machine; "required" refuses to run without it. */
  SANDBOX: z.enum(['auto', 'required', 'off']).default('auto'),
  /** The service that "vidgen make" is a client of, and the API key for it. */
  VIDGEN_URL: z.string().optional(),
  VIDGEN_API_KEY: z.string().optional(),
  /** Where the single executable unpacks its contents: build/unpack.ts. */
  VIDGEN_CACHE_DIR: z.string().optional(),
  /** In production, settings that are optional on a developer's machine must be set. */
  NODE_ENV: z.string().default('development'),
  /** Opens the page /ops to everyone who has it. */
  OPS_PASSWORD: z
    .string()
    .min(12, 'must have at least 12 characters ("openssl rand -base64 18" makes some)')
    .optional(),
  /** A login of the role vidgen_operator, for /ops; unset: DATABASE_URL. */
  OPS_DATABASE_URL: postgresUrl.optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** All four or none; with BLOB_STORE=s3 all four. */
const bucketVariables = [
  'S3_ENDPOINT',
  'S3_BUCKET',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
] as const;

/** With what several of them must say together. */
export const consistent = environment.superRefine((value, ctx) => {
  const missing = bucketVariables.filter((name) => value[name] === undefined);
  if (value.BLOB_STORE === 'postgres' && missing.length === bucketVariables.length) return;
  const message = 'must be set for object storage (BLOB_STORE=s3)';
  for (const name of missing) ctx.addIssue({ code: 'custom', path: [name], message });
});
