import { createHash } from 'node:crypto';
import { S3mini, S3ServiceError } from 's3mini';
import * as z from 'zod';
import { attachment } from '../http/attachment.ts';
import { persistentFetch, withClearErrors } from './bucket_requests.ts';

export type BucketSettings = {
  /** The address without the bucket: https://s3.eu-central-1.amazonaws.com. */
  endpoint: string;
  region: string;
  name: string;
  accessKeyId: string;
  secretAccessKey: string;
};

/** A bucket of any S3-compatible store. Keys are those of vidgen.blob, preceded by a prefix in the bucket. */
export type Bucket = ReturnType<typeof openBucket>;

const prefix = 'vidgen/';

/** Fields of ListMultipartUploads that the client's types lack. */
const upload = z.object({ Key: z.string(), UploadId: z.string(), Initiated: z.coerce.date() });
const uploadList = z.object({
  ListMultipartUploadsResult: z.object({
    Upload: z.union([upload.transform((one) => [one]), z.array(upload)]).default([]),
  }),
});

/**
 * s3mini signs, presigns and reads the XML in 80 KB without dependencies. The AWS SDK takes megabytes, and
 * other stores reject its checksums; aws4fetch only signs. s3mini does not repeat requests, but the `fetch`
 * that we give it does.
 */
export function openBucket(settings: BucketSettings) {
  const { endpoint, name, region, accessKeyId, secretAccessKey } = settings;
  const client = (signal?: AbortSignal) =>
    new S3mini({
      endpoint: `${endpoint.replace(/\/+$/, '')}/${name}`,
      region,
      accessKeyId,
      secretAccessKey,
      fetch: persistentFetch(signal),
    });
  const shared = client();
  const to = (signal?: AbortSignal) => (signal ? client(signal) : shared);

  /** The store compares this with what arrives. */
  const checksumOf = (bytes: Buffer) => ({
    'x-amz-content-sha256': createHash('sha256').update(bytes).digest('hex'),
  });

  const uploadsOf = async (from: string) =>
    uploadList.parse(await shared.listMultipartUploads('/', '', 'GET', { prefix: prefix + from }))
      .ListMultipartUploadsResult.Upload;

  return {
    put: (key: string, bytes: Buffer, contentType: string, signal?: AbortSignal) =>
      withClearErrors(signal, async () => {
        const checksum = checksumOf(bytes);
        const { length } = bytes;
        await to(signal).putObject(prefix + key, bytes, contentType, undefined, checksum, length);
      }),

    beginUpload: (key: string, contentType: string, signal?: AbortSignal): Promise<string> =>
      withClearErrors(signal, () => to(signal).getMultipartUploadId(prefix + key, contentType)),

    /** Returns the tag of the part; part numbers start at 1. */
    putPart: (key: string, id: string, number: number, bytes: Buffer, signal?: AbortSignal) =>
      withClearErrors(signal, async () => {
        const part = [prefix + key, id, bytes, number, {}, undefined, checksumOf(bytes)] as const;
        return (await to(signal).uploadPart(...part)).etag;
      }),

    /** Throws unless the object exists with all its bytes. */
    completeUpload: (
      key: string,
      id: string,
      tags: string[],
      size: number,
      signal?: AbortSignal,
    ): Promise<void> =>
      withClearErrors(signal, async () => {
        const parts = tags.map((etag, n) => ({ partNumber: n + 1, etag }));
        // Whatever it answers: if its first answer was lost, a repeated call no longer finds the upload.
        const failed = await to(signal)
          .completeMultipartUpload(prefix + key, id, parts)
          .then(
            () => undefined,
            (error: unknown) => error,
          );
        const stored = await to(signal)
          .getContentLength(prefix + key)
          .catch(() => undefined);
        if (stored === size) return;
        throw failed ?? new Error(`Object ${key} has ${stored} bytes instead of ${size}.`);
      }),

    get: (key: string, start: number, end: number, signal?: AbortSignal) =>
      withClearErrors(signal, async () => {
        // The end is exclusive.
        const answer = await to(signal).getObjectRaw(prefix + key, false, start, end + 1);
        if (answer.status !== 206 || !answer.body)
          throw new Error(`The object store answered a range with ${answer.status}.`);
        return answer.body as AsyncIterable<Uint8Array>;
      }),

    /** Missing objects are not an error. */
    remove: (key: string): Promise<void> =>
      withClearErrors(undefined, async () => {
        await shared.deleteObject(prefix + key);
      }),

    /** Aborts multipart uploads: of one key, or all that started before a time. */
    abortUploads: (which: { key: string } | { before: Date }): Promise<number> =>
      withClearErrors(undefined, async () => {
        const uploads = (await uploadsOf('key' in which ? which.key : '')).filter((found) =>
          'key' in which ? found.Key === prefix + which.key : found.Initiated < which.before,
        );
        for (const { Key, UploadId } of uploads)
          await shared.abortMultipartUpload(Key, UploadId).catch(unlessGone);
        return uploads.length;
      }),

    /** A page of keys with the times of their objects, and where the next page starts. */
    list: (page?: string) =>
      withClearErrors(undefined, async () => {
        const found = await shared.listObjectsPaged('/', prefix, 1_000, page);
        const objects = (found?.objects ?? []).map(({ Key, LastModified }) => ({
          key: Key.slice(prefix.length),
          storedAt: new Date(LastModified),
        }));
        return { objects, next: found?.nextContinuationToken };
      }),

    link: (key: string, seconds: number, o: { contentType: string; downloadAs?: string }) =>
      shared.getPresignedUrl('GET', prefix + key, seconds, {
        'response-content-type': o.contentType,
        'response-cache-control': `private, max-age=${Math.min(600, seconds)}, no-transform`,
        ...(o.downloadAs && {
          'response-content-disposition': attachment(o.downloadAs),
        }),
      }),
  };
}

const unlessGone = (error: unknown) => {
  if (!(error instanceof S3ServiceError) || error.status !== 404) throw error;
};
