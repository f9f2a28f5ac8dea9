import type { Context } from 'hono';
import { type RawBuilder, sql } from 'kysely';
import { ApiError } from '../errors.ts';
import { admit } from '../http/admission.ts';
import type { AppEnv } from '../http/app_env.ts';
import { preferredWait } from '../http/prefer.ts';
import { errorCodes } from '../openapi/error_codes.ts';
import { submissionHeaders } from '../openapi/requests.ts';
import { basePath } from '../pages/frame/page_headers.ts';
import type { Functions } from '../postgres/api.types.ts';
import { call, calling } from '../postgres/call.ts';
import { fieldNames } from '../upload/fields.ts';
import { maxFileBytesOf } from '../upload/max_file.ts';
import { announcedBytes, readSubmission } from '../upload/read_submission.ts';
import { fingerprintOfReplay } from '../upload/replay.ts';
import { defaultLimits } from '../upload/submission_form.ts';
import { neededRenderer } from '../video_options.ts';
import { refuseFieldsInQuery } from './parse.ts';
import { waitFor } from './status.ts';

type FirstLook = Functions['check_submission']['returns'];

const idempotencyKeySchema = submissionHeaders.shape['Idempotency-Key'];

/** POST /api/jobs: what the headers alone show to be wrong is refused before the body is read. */
export async function createJob(c: Context<AppEnv>): Promise<Response> {
  const { db, processId, config, uploads } = c.var;
  const announced = announcedBytes(c.env.incoming.headers, {
    ...defaultLimits,
    fileBytes: config.maxFileBytes,
  });
  const idempotencyKey = c.req.header('Idempotency-Key') ?? null;
  const firstLook = (key: RawBuilder<string>) =>
    sql`(select to_json(l) from ${calling('check_submission', {
      api_key_id: key,
      idempotency_key: idempotencyKey,
      announced_bytes: announced,
      max_key_bytes: config.maxStoredBytesPerKey,
      max_total_bytes: config.maxStoredBytes && config.maxStoredBytes - uploads.bytes,
    })} l)`;
  const { apiKeyId, body } = await admit(c, { kind: 'submission' }, firstLook);
  const look = JSON.parse(body ?? '{}') as FirstLook;
  const reading = {
    processId,
    limits: {
      ...defaultLimits,
      fileBytes: maxFileBytesOf(look.max_file_mb, config.maxFileBytes),
    },
    signal: c.req.raw.signal,
    webhookRanges: config.webhookRanges,
    fetchRanges: config.fetchUrls ? config.fetchRanges : null,
  };
  if (look.replayed_job_id) {
    const fingerprint = await fingerprintOfReplay(c.env.incoming, reading);
    if (fingerprint)
      await call(db, 'replay_job', {
        api_key_id: apiKeyId,
        idempotency_key: idempotencyKey ?? '',
        fingerprint: Buffer.from(fingerprint, 'hex'),
      });
    return created(c, apiKeyId, { jobId: look.replayed_job_id, replayed: true });
  }
  if (look.active_job_id) throw activeJobExists(look.active_job_id);
  const checked = idempotencyKeySchema.safeParse(idempotencyKey ?? undefined);
  if (!checked.success) {
    throw new ApiError(400, 'invalid_idempotency_key', checked.error.issues[0]?.message ?? '');
  }
  refuseFieldsInQuery(c, fieldNames);
  if (look.no_room) throw noRoom[look.no_room as keyof typeof noRoom]();

  const ended = uploads.begin(apiKeyId, idempotencyKey, announced);
  const job = await receiveJob(c, apiKeyId, idempotencyKey, reading).finally(ended);
  return created(c, apiKeyId, job);
}

type Received = { jobId: string; replayed: boolean };

/** Reads the body, stores its files and creates the job. A failure leaves nothing behind. */
async function receiveJob(
  c: Context<AppEnv>,
  apiKeyId: string,
  idempotencyKey: string | null,
  reading: Omit<Parameters<typeof readSubmission>[1], 'store'>,
): Promise<Received> {
  const { db, store } = c.var;
  const upload = await readSubmission(c.env.incoming, { ...reading, store });
  const { imageBlobId, audioBlobId, captionsBlobId, options, metadata, sources } = upload;
  const blobs = [imageBlobId, audioBlobId, captionsBlobId].filter((id) => id !== null);
  const hasCaptions = captionsBlobId !== null || sources.captions !== undefined;
  try {
    const job = await call(db, 'create_job', {
      api_key_id: apiKeyId,
      image_blob_id: imageBlobId,
      audio_blob_id: audioBlobId,
      webhook_url: upload.webhookUrl,
      idempotency_key: idempotencyKey,
      options,
      metadata,
      captions_blob_id: captionsBlobId,
      needs_renderer: neededRenderer(options, hasCaptions, Object.keys(sources).length > 0),
      fingerprint: Buffer.from(upload.fingerprint, 'hex'),
      sources,
    });
    if (job.replayed) await store.discard(blobs);
    else c.var.log.info({ ...c.var.ids, jobId: job.job_id }, 'job created');
    return { jobId: job.job_id, replayed: job.replayed };
  } catch (error) {
    // The job may exist although the answer was lost: discard leaves a job's blobs alone.
    await store.discard(blobs).catch(() => {});
    throw error;
  }
}

/** The 201. With "Prefer: wait=N" it is sent when the job has ended or the time is up, and has its status. */
export async function created(
  c: Context<AppEnv>,
  apiKeyId: string,
  { jobId, replayed }: Received,
): Promise<Response> {
  if (replayed) c.header('Idempotent-Replayed', 'true');
  c.header('Location', `${basePath(c.var.config.publicUrl)}/api/jobs/${jobId}`);
  const answer = { message: 'Job created', jobId };
  const wait = preferredWait(c.req.header('Prefer'));
  if (wait === 0) return c.json(answer, 201);
  try {
    const [job] = await call(c.var.db, 'get_job_statuses', {
      job_ids: [jobId],
      public_url: c.var.config.publicUrl,
    });
    if (!job) return c.json(answer, 201);
    const status = await waitFor('end', c, { apiKeyId, jobId, body: job.body }, wait);
    c.header('Preference-Applied', `wait=${wait}`);
    return c.json({ ...answer, ...JSON.parse(status) }, 201);
  } catch (err) {
    // The job exists, whatever keeps this response from following it.
    c.var.log.warn({ err, jobId }, 'could not wait for the job');
    return c.json(answer, 201);
  }
}

const activeJobExists = (activeJobId: string) =>
  new ApiError(409, 'active_job_exists', errorCodes.active_job_exists.message, {
    extra: { activeJobId },
  });

const noRoom = {
  storage_quota_exceeded: () =>
    new ApiError(
      413,
      'storage_quota_exceeded',
      'The storage of this API key has no room for these files. Delete videos or wait until they expire, or ask the operator for more.',
    ),
  storage_full: () =>
    new ApiError(500, 'storage_full', 'The storage of this service is full. Try again later.', {
      headers: { 'Retry-After': '3600' },
    }),
};
