import { isUtf8 } from 'node:buffer';
import { CaptionsError } from './cue.ts';

/** Some programs write CR CR LF. */
export const lineEnd = /\r*\n|\r/;

/**
 * The text of a caption file: UTF-8 or UTF-16, with or without a byte order mark.
 * Throws CaptionsError when it is neither.
 */
export function decodeCaptions(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  if (encoding === 'utf-8' && !isUtf8(bytes)) {
    throw new CaptionsError(
      firstBadLine(bytes),
      'it has characters that are not UTF-8. Save the file as UTF-8.',
    );
  }
  // The decoder removes the byte order mark.
  return new TextDecoder(encoding).decode(bytes);
}

/** A caption file starts with a digit or "WEBVTT", so in UTF-16 one of its first two bytes is 0. */
function encodingOf([first, second]: Uint8Array) {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return 'utf-8';
}

function firstBadLine(bytes: Uint8Array): number {
  const lines = Buffer.from(bytes).toString('latin1').split(lineEnd);
  return lines.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1'))) + 1;
}
