import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import * as z from 'zod';
import { OperatorError } from './operator_error.ts';
import { parseCidrs } from './outbound/webhook_url.ts';
import { faultOfAddress, sslModes, withParameters } from './postgres/address.ts';
import { readSecretFiles, secretFileSettings } from './process/secret_files.ts';
import {
  missingSettings,
  misspeltSettings,
  type RequiredSetting,
} from './process/setting_faults.ts';

/** The environment is invalid; `message` has one line for each variable that is. */
export class ConfigError extends OperatorError {}

const list = (text: string) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);

/** A whole number; anything else gets a sentence. */
function whole(min: number, max = Number.MAX_SAFE_INTEGER) {
  const range = max < Number.MAX_SAFE_INTEGER ? `from ${min} to ${max}` : `of ${min} or more`;
  const error = `must be a whole number ${range}`;
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}
const port = whole(0, 65_535);
const positive = (fallback: number) => whole(1).default(fallback);

/** A whole number, or `none`: undefined. */
function limit(fallback: number) {
  const error = 'must be a whole number of 1 or more, or none';
  const number = z.coerce.number({ error }).int({ error }).min(1, { error }).optional();
  return z.preprocess((text) => (text === 'none' ? undefined : text), number).default(fallback);
}

function span(unit: string, max: number, fallback: number) {
  const error = `must be a number of ${unit} from 0 to ${max}`;
  return z.coerce.number({ error }).min(0, { error }).max(max, { error }).default(fallback);
}

const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\//, 'must begin with postgres:// or postgresql://')
  .refine(isAddress, {
    // Never includes the address, which contains a password.
    error: 'is not a valid address: write # / ? @ % in the password as %23 %2F %3F %40 %25',
  })
  .superRefine((url, ctx) => {
    const fault = faultOfAddress(url);
    if (fault) ctx.addIssue(fault);
  });

function isAddress(text: string): boolean {
  try {
    const { hash, username, password } = new URL(text);
    // Throws when a % is not part of an escape.
    decodeURIComponent(username + password);
    return hash === '';
  } catch {
    return false;
  }
}

const cidrs = (isOpen: boolean) =>
  z
    .string()
    .default('')
    .transform((text, ctx) => {
      try {
        return parseCidrs(text, isOpen);
      } catch (error) {
        ctx.addIssue((error as Error).message);
        return z.NEVER;
      }
    });

const aYear = 31_536_000;
const gibibyte = 1024 ** 3;

const environment = z.object({
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
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be an absolute http(s) URL' })
    .refine((url) => !/[?#]/.test(url), { error: 'must have neither ? nor #' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
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
  WEBHOOK_RETRY_SCHEDULE: z
    .string()
    .default('5,300,1800,7200,18000,36000,36000')
    .transform((text, ctx) => {
      const steps = list(text).map(Number);
      if (steps.some((step) => !(step >= 0 && step <= aYear))) {
        ctx.addIssue('must be seconds (at most a year), separated by commas');
        return z.NEVER;
      }
      return steps;
    }),
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
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform(list)
    .refine((origins) => origins.every((origin) => origin === '*' || isOrigin(origin)), {
      error: 'must be * or origins such as https://app.example.com, separated by commas',
    }),
  /** Seals webhook secrets at rest; further keys only open what they have sealed. */
  SECRETS_KEY: z
    .string()
    .default('')
    .transform((text, ctx) => {
      const keys = list(text).map(
        (key): Buffer => Buffer.from(key, /^[\da-f]{64}$/i.test(key) ? 'hex' : 'base64'),
      );
      if (keys.some((key) => key.length !== 32)) {
        ctx.addIssue(
          'must be 32 random bytes in base64 or hex ("openssl rand -base64 32" makes them), or several with commas between',
        );
        return z.NEVER;
      }
      return keys;
    }),
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
  /** Opens the page /ops to whoever has it. */
  OPS_PASSWORD: z
    .string()
    .min(12, 'must have at least 12 characters ("openssl rand -base64 18" makes some)')
    .optional(),
  /** A login of the role vidgen_operator, for /ops; unset: DATABASE_URL. */
  OPS_DATABASE_URL: postgresUrl.optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/**
 * Includes the origins of browser extensions and apps such as `chrome-extension://…`, which URL does not
 * parse.
 */
const isOrigin = (text: string) => /^[a-z][a-z\d+.-]*:\/\/[^\s/?#]+$/i.test(text);

/** All four or none; with BLOB_STORE=s3 all four. */
const bucketVariables = [
  'S3_ENDPOINT',
  'S3_BUCKET',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
] as const;

const consistent = environment.superRefine((value, ctx) => {
  const missing = bucketVariables.filter((name) => value[name] === undefined);
  if (value.BLOB_STORE === 'postgres' && missing.length === bucketVariables.length) return;
  const message = 'must be set for object storage (BLOB_STORE=s3)';
  for (const name of missing) ctx.addIssue({ code: 'custom', path: [name], message });
});

/**
 * Everything that can be configured, with its default. Secrets may also come from files (NAME_FILE).
 *
 * @param required what must be set in production
 * @throws ConfigError with all that is missing, misspelt or invalid
 */
export function loadConfig(
  env: NodeJS.ProcessEnv = process.env,
  required: readonly RequiredSetting[] = [],
) {
  // A blank variable counts as unset, because deploy forms leave them blank.
  const variables = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const files = readSecretFiles(variables);
  if (files.faults.length > 0) throw new ConfigError(files.faults.join('\n'));
  const given = { ...variables, ...files.secrets };
  const parsed = consistent.safeParse(given);
  const faults = [
    ...missingSettings(given, required),
    ...misspeltSettings(given, [...Object.keys(environment.shape), ...secretFileSettings]),
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`),
  ];
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults.join('\n'));
  const value = parsed.data;
  const bucket = value.S3_ENDPOINT && {
    endpoint: value.S3_ENDPOINT,
    region: value.S3_REGION,
    name: value.S3_BUCKET ?? '',
    accessKeyId: value.S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: value.S3_SECRET_ACCESS_KEY ?? '',
  };
  return {
    port: value.PORT,
    host: value.HOST,
    databaseUrl:
      value.DATABASE_URL &&
      withParameters(value.DATABASE_URL, {
        sslmode: value.PGSSLMODE,
        // If there is a direct address beside it, this one leads to a pooler.
        prepare: value.DATABASE_DIRECT_URL && 'false',
      }),
    databaseDirectUrl:
      value.DATABASE_DIRECT_URL &&
      withParameters(value.DATABASE_DIRECT_URL, { sslmode: value.PGSSLMODE }),
    databaseOwnerUrl:
      value.DATABASE_OWNER_URL &&
      withParameters(value.DATABASE_OWNER_URL, { sslmode: value.PGSSLMODE }),
    databasePoolSize: value.DATABASE_POOL_SIZE,
    dataDir: resolve(value.DATA_DIR),
    publicUrl: value.PUBLIC_URL,
    /** Unset: the carried one, else the one on the PATH. */
    ffmpegPath: value.FFMPEG_PATH,
    sandbox: value.SANDBOX,
    clientIpSource: value.CLIENT_IP_SOURCE,
    rateLimits: {
      requests: value.RATE_LIMIT_REQUESTS,
      submissions: value.RATE_LIMIT_SUBMISSIONS,
      redeliveries: value.RATE_LIMIT_REDELIVERIES,
      open: value.RATE_LIMIT_PUBLIC,
    },
    streamLimits: {
      perKey: value.MAX_STREAMS_PER_KEY,
      perAddress: value.MAX_STREAMS_PER_ADDRESS,
      inAll: value.MAX_STREAMS,
    },
    renderConcurrency: value.RENDER_CONCURRENCY,
    movingConcurrency: value.MOVING_CONCURRENCY,
    fetchConcurrency: value.FETCH_CONCURRENCY,
    maxFileBytes: value.MAX_FILE_MB * 1024 ** 2,
    maxAudioSeconds: value.MAX_AUDIO_MINUTES * 60,
    maxMegapixels: value.MAX_MEGAPIXELS,
    keepInputsHours: value.KEEP_INPUTS_HOURS,
    keepVideosDays: value.KEEP_VIDEOS_DAYS,
    keepJobsDays: value.KEEP_JOBS_DAYS,
    maxStoredBytesPerKey: value.MAX_STORED_BYTES_PER_KEY,
    maxStoredBytes: value.MAX_STORED_BYTES,
    blobStore: value.BLOB_STORE,
    bucket: bucket || undefined,
    s3Public: value.S3_PUBLIC,
    webhookRetrySchedule: value.WEBHOOK_RETRY_SCHEDULE,
    webhookRanges: [...value.WEBHOOK_DENY_CIDRS, ...value.WEBHOOK_ALLOW_CIDRS],
    fetchUrls: value.FETCH_URLS === 'on',
    fetchRanges: [...value.FETCH_DENY_CIDRS, ...value.FETCH_ALLOW_CIDRS],
    webhookProxyUrl: value.WEBHOOK_PROXY_URL,
    webhookCatcher: value.WEBHOOK_CATCHER && value.WEBHOOK_CATCHER === 'on',
    corsOrigins: value.CORS_ORIGINS,
    secretsKeys: value.SECRETS_KEY,
    clientUrl: value.VIDGEN_URL,
    clientApiKey: value.VIDGEN_API_KEY,
    production: value.NODE_ENV === 'production',
    metricsToken: value.METRICS_TOKEN,
    metricsPort: value.METRICS_PORT,
    opsPassword: value.OPS_PASSWORD,
    opsDatabaseUrl:
      value.OPS_DATABASE_URL &&
      withParameters(value.OPS_DATABASE_URL, { sslmode: value.PGSSLMODE }),
    /** Whether this machine may read GET /metrics and /ops: an embedded database means a developer's own. */
    openToThisMachine: false,
    logLevel: value.LOG_LEVEL,
  };
}

export type Config = ReturnType<typeof loadConfig>;
