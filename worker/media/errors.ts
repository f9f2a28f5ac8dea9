/** The input is at fault. The API's caller sees `message`, a sentence that says what to do. */
export class MediaError extends Error {
  override name = 'MediaError';
}

/**
 * The machine is at fault; another attempt may succeed. `message` is safe to show to the API's caller,
 * `detail` is for the operator's log.
 */
export class RenderError extends Error {
  override name = 'RenderError';
  readonly detail: string;

  constructor(message: string, detail: string) {
    super(message);
    this.detail = detail;
  }
}

const diskFull = /ENOSPC|No space left on device|EDQUOT|Disk quota exceeded/;

/** Derives the machine's fault from the words of a program or a system call. */
export function machineError(detail: string): RenderError {
  return diskFull.test(detail)
    ? new RenderError('The server ran out of disk space while rendering.', detail)
    : new RenderError('The server could not render the video.', detail);
}
