import { resolve } from 'node:path';
import { OperatorError } from './operator_error.ts';
import { withParameters } from './postgres/address.ts';
import { consistent, environment } from './settings/environment.ts';
import { missingSettings, misspeltSettings, type RequiredSetting } from './settings/faults.ts';
import { readSecretFiles, secretFileSettings } from './settings/secret_files.ts';

/** The environment is invalid; `message` has one line for each variable that is. */
export class ConfigError extends OperatorError {}

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
    /** Whether this machine may read GET /metrics and /ops, because the service is a developer's own. */
    openToThisMachine: false,
    logLevel: value.LOG_LEVEL,
  };
}

export type Config = ReturnType<typeof loadConfig>;
