import { classify, type FailureClass } from './failure_class.ts';

/**
 * A file could not be fetched. The message completes a sentence that begins with the field, and tells the
 * caller what to do. `mayPass`: another try may succeed.
 */
export class SourceError extends Error {
  override name = 'SourceError';
  readonly mayPass: boolean;
  /** For how many seconds the source asked not to be contacted. */
  readonly retryAfter: number | null;

  constructor(message: string, o: { mayPass?: boolean; retryAfter?: number | null } = {}) {
    super(message);
    this.mayPass = o.mayPass ?? false;
    this.retryAfter = o.retryAfter ?? null;
  }
}

const passing: FailureClass[] = ['dns', 'refused', 'timeout', 'reset'];

const sentences: Record<FailureClass, (host: string) => string> = {
  dns: (host) => `names the host ${host}, which could not be found. Check the address.`,
  refused: (host) => `names ${host}, which takes no connection. Check the address and its port.`,
  tls: (host) =>
    `names ${host}, whose certificate is not trusted or does not fit, or which speaks no TLS at this port. Mend it, or use another address.`,
  timeout: (host) =>
    `names ${host}, which sent nothing for too long. Try again, or upload the file.`,
  reset: (host) => `names ${host}, which broke off its answer. Try again, or upload the file.`,
  blocked: (host) =>
    `names ${host}, which is or leads to a private, loopback or reserved address. Use a public one.`,
};

/** Converts what undici, TLS or the look-up threw. */
export function sourceErrorOf(error: unknown, host: string): SourceError {
  if (error instanceof SourceError) return error;
  const { failureClass, code } = classify(error);
  const detail = code && failureClass !== 'blocked' ? ` (${code})` : '';
  return new SourceError(sentences[failureClass](host).replace(/\.$/, `${detail}.`), {
    mayPass: passing.includes(failureClass),
  });
}

/** An answer that is not 200. */
export function sourceErrorOfStatus(
  status: number,
  host: string,
  retryAfter: number | null,
): SourceError {
  const answered = `cannot be fetched: ${host} answered ${status}`;
  const wait = retryAfter === null ? '' : `, to wait for ${retryAfter} seconds`;
  if (status === 401 || status === 403) {
    return new SourceError(
      `${answered}, so the file is not public. Make it public, or use a signed address that has not expired.`,
    );
  }
  if (status === 404 || status === 410)
    return new SourceError(`${answered}: there is no file. Check the address.`);
  if (status === 429) {
    const message = `${answered}, too many requests${wait}. Try again later.`;
    return new SourceError(message, { mayPass: true, retryAfter });
  }
  if (status >= 500) {
    const message = `${answered}, an error of its own${wait}. Try again later.`;
    return new SourceError(message, { mayPass: true, retryAfter });
  }
  return new SourceError(`${answered} where 200 was expected. Check the address.`);
}

const sharingPages: [RegExp, string][] = [
  [/(^|\.)dropbox\.com$/, 'For a Dropbox link, put dl=1 in place of dl=0 at its end.'],
  [
    /^(drive|docs)\.google\.com$/,
    'For a Google Drive link, use https://drive.google.com/uc?export=download&id=FILE_ID, and share the file with anyone who has the link.',
  ],
  [
    /(^|\.)(onedrive\.live\.com|1drv\.ms|sharepoint\.com)$/,
    'For a OneDrive or SharePoint link, put download=1 at its end, or use the address of its Download button.',
  ],
];

/** A web page arrived instead of a file; `hosts` are all that were contacted on the way. */
export function webPage(wanted: string, hosts: string[]): SourceError {
  const host = hosts.at(-1);
  const hint = sharingPages.find(([pattern]) => hosts.some((one) => pattern.test(one)))?.[1];
  return new SourceError(
    `leads to a web page on ${host}, not to ${wanted}. ${hint ?? 'Use the address of the file itself.'}`,
  );
}
