/** Text in one style. */
export type Run = { text: string; italic?: true; bold?: true; underline?: true };

/** What is shown from one moment until another, in milliseconds from the start of the sound. */
export type Cue = {
  fromMs: number;
  toMs: number;
  /** Never empty, and no line is empty. */
  lines: Run[][];
  /** Whether it is shown at the top of the picture instead of the bottom. */
  top?: true;
};

/** The captions are invalid. `message` is a sentence for the caller that begins with the line. */
export class CaptionsError extends Error {
  override name = 'CaptionsError';
  /** Counted from 1. */
  readonly line: number;

  constructor(line: number, what: string) {
    super(`Line ${line} of the captions: ${what}`);
    this.line = line;
  }
}

/** The text of a line or cue without its styles. */
export const plainText = (lines: Run[][]) =>
  lines.map((runs) => runs.map(({ text }) => text).join('')).join('\n');
