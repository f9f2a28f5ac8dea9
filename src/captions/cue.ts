/** Letters of one look. */
export type Run = { text: string; italic?: true; bold?: true; underline?: true };

/** What is shown from one moment up to another, in milliseconds from the start of the sound. */
export type Cue = {
  fromMs: number;
  toMs: number;
  /** Never empty; no line is without a letter. */
  lines: Run[][];
  /** Shown at the top of the picture, not at the bottom. */
  top?: true;
};

/** The captions are at fault. `message` is a sentence for the caller that begins with the line. */
export class CaptionsError extends Error {
  override name = 'CaptionsError';
  /** Counted from 1. */
  readonly line: number;

  constructor(line: number, what: string) {
    super(`Line ${line} of the captions: ${what}`);
    this.line = line;
  }
}

/** The letters of a line or cue without their looks. */
export const plainText = (lines: Run[][]) =>
  lines.map((runs) => runs.map(({ text }) => text).join('')).join('\n');
