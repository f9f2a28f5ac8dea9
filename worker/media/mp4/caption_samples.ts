import type { Cue, Run } from '../../../src/captions/cue.ts';
import { shownTogether } from '../../../src/captions/shown.ts';
import { box, u8, u16 } from './boxes.ts';

/** A 3GPP timed text sample, and for how many milliseconds it is shown. */
export type CaptionSample = { bytes: Buffer; fromMs: number; ms: number };

/** The text length of a sample has 16 bits. */
const mostTextBytes = 0xffff;
const face = { bold: 1, italic: 2, underline: 4 };

/**
 * The cues as samples without a gap from 0 to the end. Overlapping cues are shown one below the other; where
 * there is no cue the sample is empty. Returns nothing when no cue starts before the end.
 */
export function captionSamples(cues: Cue[], endMs: number, look: Look): CaptionSample[] {
  const samples: CaptionSample[] = [];
  let fromMs = 0;
  const upTo = (toMs: number, shown: Cue[]) => {
    if (toMs > fromMs) samples.push({ bytes: sampleOf(shown, look), fromMs, ms: toMs - fromMs });
    fromMs = toMs;
  };
  for (const moment of shownTogether(cues)) {
    if (moment.fromMs >= endMs) break;
    upTo(moment.fromMs, []);
    upTo(Math.min(moment.toMs, endMs), moment.cues);
  }
  if (samples.length > 0) upTo(endMs, []);
  return samples;
}

export type Look = { fontId: number; fontSize: number; color: Buffer };

function sampleOf(cues: Cue[], look: Look): Buffer {
  const lines = cues.flatMap((cue) => cue.lines);
  const runs = lines.flatMap((line, i): Run[] => (i > 0 ? [{ text: '\n' }, ...line] : line));
  const styles: Buffer[] = [];
  let text = '';
  let letters = 0;
  for (const run of runs) {
    const from = letters;
    if (Buffer.byteLength(text) + Buffer.byteLength(run.text) > mostTextBytes) break;
    text += run.text;
    letters += [...run.text].length;
    const face = faceOf(run);
    if (face === 0) continue;
    styles.push(styleRecord(from, letters, face, look));
  }
  const bytes = Buffer.from(text);
  const styl = styles.length > 0 ? [box('styl', u16(styles.length), ...styles)] : [];
  return Buffer.concat([u16(bytes.length), bytes, ...styl]);
}

function faceOf({ bold, italic, underline }: Run): number {
  return (bold ? face.bold : 0) | (italic ? face.italic : 0) | (underline ? face.underline : 0);
}

/** The style of the characters `from` up to `to`. */
export function styleRecord(from: number, to: number, face: number, look: Look): Buffer {
  return Buffer.concat([u16(from, to, look.fontId), u8(face, look.fontSize), look.color]);
}
