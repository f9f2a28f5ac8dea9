/** No request is held for longer. */
const mostSeconds = 60;

/**
 * The seconds of "Prefer: wait=N" (RFC 7240), 60 at most; 0 without it. As the RFC demands, a
 * preference that cannot be read is ignored.
 */
export function preferredWait(header: string | undefined): number {
  for (const preference of header?.split(',') ?? []) {
    const [, seconds] = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(;|$)/i.exec(preference) ?? [];
    if (seconds !== undefined) return Math.min(Number(seconds), mostSeconds);
  }
  return 0;
}
