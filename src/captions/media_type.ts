import { decodeCaptions } from './decode.ts';
import { parseCaptions } from './parse.ts';

/** What a caption file is, by its bytes. Throws CaptionsError, with the line, when it cannot be read. */
export function captionsTypeOf(bytes: Uint8Array): 'text/vtt' | 'application/x-subrip' {
  parseCaptions(bytes);
  return /^WEBVTT/.test(decodeCaptions(bytes)) ? 'text/vtt' : 'application/x-subrip';
}
