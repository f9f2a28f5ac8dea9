import type { Cue, Run } from '../../../src/captions/cue.ts';
import { box, u8, u16 } from './boxes.ts';

/** What is shown for so many milliseconds, as a 3GPP timed text sample. */
export type CaptionSample = { bytes: Buffer; fromMs: number; ms: number };

/** A sample's text has a length of 16 bits. */
const MOST_TEXT_BYTES = 0xffff;
/** More at once nobody reads: those that began last stay. */
const MOST_AT_ONCE = 4;
const FACE = { bold: 1, italic: 2, underline: 4 };

/**
 * The cues as samples without a gap from 0 to the end. Cues that overlap are shown one below the other;
 * where there is none the sample is empty. Nothing when no cue begins before the end.
 */
export function captionSamples(cues: Cue[], endMs: number, look: Look): CaptionSample[] {
  const shown = cues
    .map((cue) => ({ ...cue, toMs: Math.min(cue.toMs, endMs) }))
    .filter(({ fromMs, toMs }) => fromMs < toMs)
    .sort((a, b) => a.fromMs - b.fromMs);
  if (shown.length === 0) return [];
  const moments = [0, endMs, ...shown.flatMap(({ fromMs, toMs }) => [fromMs, toMs])];
  const changes = [...new Set(moments)].sort((a, b) => a - b);
  const samples: CaptionSample[] = [];
  let active: Cue[] = [];
  let next = 0;
  for (const [i, toMs] of changes.slice(1).entries()) {
    const fromMs = changes[i] as number;
    active = active.filter((cue) => cue.toMs > fromMs);
    while ((shown[next]?.fromMs ?? toMs) <= fromMs) active.push(shown[next++] as Cue);
    active = active.slice(-MOST_AT_ONCE);
    samples.push({ bytes: sampleOf(active, look), fromMs, ms: toMs - fromMs });
  }
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
    if (Buffer.byteLength(text) + Buffer.byteLength(run.text) > MOST_TEXT_BYTES) break;
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
  return (bold ? FACE.bold : 0) | (italic ? FACE.italic : 0) | (underline ? FACE.underline : 0);
}

/** How the letters `from` up to `to` look. */
export function styleRecord(from: number, to: number, face: number, look: Look): Buffer {
  return Buffer.concat([u16(from, to, look.fontId), u8(face, look.fontSize), look.color]);
}
