/** The input is at fault. `message` is shown to the API's caller: a sentence that says what to do. */
export class MediaError extends Error {
  override name = 'MediaError';
}

/**
 * The machine is at fault; another attempt may succeed.
 * `message` is safe to show to the API's caller, `detail` is for the operator's log.
 */
export class RenderError extends Error {
  override name = 'RenderError';
  readonly detail: string;

  constructor(message: string, detail: string) {
    super(message);
    this.detail = detail;
  }
}

const DISK_FULL = /ENOSPC|No space left on device|EDQUOT|Disk quota exceeded/;

/** What the machine did wrong, told from what a program or a system call said. */
export function machineError(detail: string): RenderError {
  return DISK_FULL.test(detail)
    ? new RenderError('The server ran out of disk space while rendering.', detail)
    : new RenderError('The server could not render the video.', detail);
}
